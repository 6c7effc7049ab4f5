module github.com/ldapedge/ldapedge/bench

go 1.26

require github.com/ldapedge/ldapedge v0.0.0

require (
	github.com/tidwall/gjson v1.20.1 // indirect
	github.com/tidwall/match v1.1.1 // indirect
	github.com/tidwall/pretty v1.2.0 // indirect
)

replace github.com/ldapedge/ldapedge => ../
