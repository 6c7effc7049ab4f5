// Command formatters measures how long it takes to turn the bytes of a million
// attribute values into typed ones, side by side: python ldap3, and this module
// natively and as WebAssembly in Node. The values are texts, integers,
// booleans, times, GUIDs, SIDs and FILETIMEs in equal parts, mixed, of
// attributes of Active Directory's schema; all are given the same bytes. Every
// row is given as a multiple of ldap3's speed.
//
// Both sides look an attribute up once: what is measured of ldap3 is the
// formatters that its find_attribute_helpers returns.
//
// The contestants run in turn, several rounds. The figures are medians over all
// runs, and minima, of the processor's time, which depends less than the
// clock's on who else is there. It needs node and python3-ldap3.
package main

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"time"

	"github.com/ldapedge/ldapedge/bench/contest"
	"github.com/ldapedge/ldapedge/schemajson/offline"
)

const values = 1_000_000

const rounds = 5

func main() { contest.Main(run) }

func run(dir string) error {
	input, err := makeInput()
	if err != nil {
		return err
	}
	format, err := contest.Build(dir, "./formatters/format")
	if err != nil {
		return err
	}
	all := []*contest.Contestant{
		{Name: "ldap3", Runs: 1, Input: input, Program: []string{"/usr/bin/python3", "formatters/peers/ldap3_format.py"}},
		{Name: "native", Runs: 10, Input: input, Program: format.Native},
		{Name: "WebAssembly in Node", Runs: 5, Input: input, Program: format.Wasm},
	}
	if err := contest.Run(all, rounds); err != nil {
		return err
	}
	for i, c := range all {
		if want := len(kinds) * min(i+1, 2); len(c.Notes) != want {
			return fmt.Errorf("%s notes %d numbers, not %d", c.Name, len(c.Notes), want)
		}
	}
	report(all)
	return nil
}

// kind is a sort of values.
type kind struct {
	name, attribute string
	value           func(*rand.Rand) []byte
}

var kinds = []kind{
	{"text", "description", text},
	{"integer", "uidNumber", func(r *rand.Rand) []byte { return strconv.AppendInt(nil, int64(r.Int32()), 10) }},
	{"boolean", "showInAdvancedViewOnly", func(r *rand.Rand) []byte { return []byte([]string{"TRUE", "FALSE"}[r.IntN(2)]) }},
	{"time", "whenCreated", func(r *rand.Rand) []byte { return moment(r).AppendFormat(nil, "20060102150405.0Z") }},
	{"GUID", "objectGUID", guid},
	{"SID", "objectSid", sid},
	{"FILETIME", "lastLogonTimestamp", filetime},
}

// makeInput returns the schema, then the names of the attributes, one a line,
// then the values: the attribute's place, the length in two bytes, the bytes.
// Schema and names have their length in four bytes before them.
func makeInput() ([]byte, error) {
	schema, _, err := offline.Text("AD_2012_R2")
	if err != nil {
		return nil, err
	}
	var names []string
	for _, k := range kinds {
		names = append(names, k.attribute)
	}
	var b bytes.Buffer
	for _, part := range []string{string(schema), strings.Join(names, "\n")} {
		b.Write(binary.BigEndian.AppendUint32(nil, uint32(len(part))))
		b.WriteString(part)
	}
	r := rand.New(rand.NewPCG(1, 2))
	order := make([]int, values)
	for i := range order {
		order[i] = i % len(kinds)
	}
	r.Shuffle(values, func(i, j int) { order[i], order[j] = order[j], order[i] })
	for _, place := range order {
		value := kinds[place].value(r)
		b.WriteByte(byte(place))
		b.Write(binary.BigEndian.AppendUint16(nil, uint16(len(value))))
		b.Write(value)
	}
	return b.Bytes(), nil
}

// text is a few words, some of them not ASCII.
func text(r *rand.Rand) []byte {
	words := []string{"Sales", "department", "of", "the", "Zürich", "office", "floor", "São", "Paulo", "4", "東京"}
	var all []string
	for range 1 + r.IntN(5) {
		all = append(all, words[r.IntN(len(words))])
	}
	return []byte(strings.Join(all, " "))
}

// moment is a time within some years from 2000 on.
func moment(r *rand.Rand) time.Time { return time.Unix(946684800+r.Int64N(800_000_000), 0).UTC() }

func guid(r *rand.Rand) []byte {
	return binary.BigEndian.AppendUint64(binary.BigEndian.AppendUint64(nil, r.Uint64()), r.Uint64())
}

// sid is one of a domain's: S-1-5-21-…-…-…-….
func sid(r *rand.Rand) []byte {
	b := []byte{1, 5, 0, 0, 0, 0, 0, 5, 21, 0, 0, 0}
	for range 4 {
		b = binary.LittleEndian.AppendUint32(b, r.Uint32())
	}
	return b
}

func filetime(r *rand.Rand) []byte {
	return strconv.AppendInt(nil, (moment(r).Unix()+11_644_473_600)*10_000_000+r.Int64N(10_000_000), 10)
}

func report(all []*contest.Contestant) {
	ldap3 := all[0]
	fmt.Printf("%d values, mixed; ns a value\n", values)
	for _, c := range all {
		fmt.Printf("%-20s median %8.1f  %6.1fx ldap3   min %8.1f  %6.1fx ldap3\n",
			c.Name, c.Median()/values, ldap3.Median()/c.Median(), c.Min()/values, ldap3.Min()/c.Min())
	}
	fmt.Printf("\n%-12s", "of one kind")
	for _, c := range all {
		fmt.Printf("%24s", c.Name)
	}
	fmt.Printf("%24s\n", "allocations, native")
	for i, k := range kinds {
		fmt.Printf("%-12s", k.name)
		for _, c := range all {
			fmt.Printf("%21.1f ns", c.Notes[i*len(c.Notes)/len(kinds)])
		}
		fmt.Printf("%24.2f\n", all[1].Notes[2*i+1])
	}
}
