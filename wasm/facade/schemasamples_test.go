//go:build !js && !small

package facade

import (
	"encoding/json"
	"testing"

	"github.com/ldapedge/ldapedge/schemajson/lint"
)

// The npm package's types of what schemas answer are held against what the module
// really answers.
func TestSchemaSamples(t *testing.T) {
	h := newHost(nil)
	const before = `"attributeTypes":["( 2.5.4.0 NAME 'objectClass' )","( 2.5.4.3 NAME 'cn' )","( 1.1 NAME 'a' SUP gone X-ORIGIN 'o' )"],` +
		`"objectClasses":["( 2.5.6.0 NAME 'top' ABSTRACT MUST objectClass )","( 2.5.6.6 NAME 'person' SUP top MUST ( cn $ sn ) MAY a )","( 1.3 NAME 'device' SUP top )"],` +
		`"matchingRules":["( 2.5.13.2 NAME 'm' SYNTAX 1.9 )"],"matchingRuleUse":["( 2.5.13.2 NAME 'm' APPLIES cn )"],` +
		`"dITContentRules":["( 2.5.6.6 NAME 'rule' NOT a )"],"dITStructureRules":["( 1 NAME 'sr' FORM form )"],"nameForms":["( 1.4 NAME 'form' OC person MUST cn )"]`
	const after = `"attributeTypes":["( 2.5.4.3 NAME 'cn' SINGLE-VALUE )"],"objectClasses":["( 1.3 NAME 'device' SUP top )","( 1.5 NAME 'new' )"]`
	const rootDSE = `{"type":"DsaInfo","raw":{"currentTime":["20200102030405.0Z"],"supportedControl":["1.2.840.113556.1.4.319"],"vendorName":["v"]}}`
	summary := h.call(t, "read", `{"kind":"file","name":"mine","definitions":{`+before+`},"info":`+string(quoted(rootDSE))+`}`).result
	h.call(t, "read", `{"kind":"file","definitions":{`+after+`}}`)
	h.withFile(t, "oids", "{}", []byte("1.2.840.113556.1.4.319\tControl\tRFC2696\tPaged results\n"))
	ask := func(call, params string) json.RawMessage {
		a := h.call(t, call, `{"source":1`+params+`}`)
		if a.err != nil {
			t.Fatal(a.err)
		}
		return a.result
	}
	checkSamples(t, "../npm/test/schemasamples.ts", []sample{
		{"file", "Summary", summary},
		{"ruleUse", "Definition", ask("definition", `,"collection":"matchingRuleUse","name":"m"`)},
		{"contentRule", "Definition", ask("definition", `,"collection":"dITContentRules","name":"rule"`)},
		{"structureRule", "Definition", ask("definition", `,"collection":"dITStructureRules","name":"sr"`)},
		{"nameForm", "Definition", ask("definition", `,"collection":"nameForms","name":"form"`)},
		{"entry", "Effective", ask("entry", `,"classes":["person","device","nobody"]`)},
		{"info", "FrameInfo", ask("info", `,"rootDSE":`+string(quoted(rootDSE)))},
		{"findings", "{ findings: Finding[] }", ask("lint", "")},
		{"checks", "Check[]", lint.Checks},
		{"difference", "Difference", ask("diff", `,"other":2`)},
		{"converted", "Converted", ask("convert", `,"to":"openldap"`)},
		{"merged", "MergedSummary", ask("merge", `,"other":2,"name":"both"`)},
		{"keys", "Keys", ask("keys", `,"attribute":"cn"`)},
	})
}
