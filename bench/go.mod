module github.com/ldapedge/ldapedge/bench

go 1.26.0

require (
	github.com/coder/websocket v1.8.15
	github.com/ldapedge/ldapedge v0.0.0
	github.com/syumai/workers v0.31.0
)

require github.com/youmark/pkcs8 v0.0.0-20240726163527-a2c0da244d78 // indirect

require (
	github.com/Azure/go-ntlmssp v0.0.0-20221128193559-754e69321358 // indirect
	github.com/go-asn1-ber/asn1-ber v1.5.8 // indirect
	github.com/go-ldap/ldap/v3 v3.4.8
	github.com/google/uuid v1.6.0 // indirect
	github.com/ldapedge/ldapedge/integration v0.0.0
	github.com/tidwall/gjson v1.20.1 // indirect
	github.com/tidwall/match v1.1.1 // indirect
	github.com/tidwall/pretty v1.2.0 // indirect
	golang.org/x/crypto v0.55.0 // indirect
)

replace github.com/ldapedge/ldapedge => ../

replace github.com/ldapedge/ldapedge/integration => ../integration
