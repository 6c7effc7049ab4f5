// Command offline makes the files of package schemajson/offline, all of them or
// the sets that are named:
//
//	offline [--out FOLDER] [SET...]
//
// It is run by "go generate" there. It needs Debian's packages python3-ldap3,
// slapd, 389-ds-base, samba-ad-dc, samba-ad-provision, samba-dsdb-modules and
// samba-vfs-modules, and root, which Samba does not run without. With the same
// packages it makes the same bytes each time.
package main

import (
	"bytes"
	"compress/gzip"
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"syscall"

	"github.com/ldapedge/ldapedge/schemajson"
)

func main() {
	out := flag.String("out", "../schemajson/offline/data", "the folder to write to")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, *out, flag.Args()); err != nil {
		fmt.Fprintln(os.Stderr, "offline:", err)
		stop()
		os.Exit(1)
	}
}

// texts are the two documents of a set.
type texts struct{ info, schema []byte }

// source makes a set.
type source struct {
	name string
	read func(context.Context) (texts, error)
}

func sources() []source {
	return []source{
		{"EDIR_8_8_8", fromLDAP3("edir888", "edir_8_8_8")},
		{"EDIR_9_1_4", fromLDAP3("edir914", "edir_9_1_4")},
		{"AD_2012_R2", fromLDAP3("ad2012R2", "ad_2012_r2")},
		{"SLAPD_2_4", fromLDAP3("slapd24", "slapd_2_4")},
		{"DS389_1_3_3", fromLDAP3("ds389", "ds389_1_3_3")},
		{"SLAPD_2_5", fromServer(startSlapd, nil)},
		{"DS389_2_3", fromServer(startDS389, nil)},
		{"AD_2016", fromServer(startSamba, inNoOrder)},
	}
}

func run(ctx context.Context, out string, names []string) error {
	all := sources()
	for _, name := range names {
		if !slices.ContainsFunc(all, func(s source) bool { return s.name == name }) {
			return fmt.Errorf("there is no set %q", name)
		}
	}
	for _, s := range all {
		if len(names) > 0 && !slices.Contains(names, s.name) {
			continue
		}
		if err := s.write(ctx, filepath.Join(out, s.name+".json.gz")); err != nil {
			return fmt.Errorf("%s: %w", s.name, err)
		}
	}
	return nil
}

func (s source) write(ctx context.Context, file string) error {
	t, err := s.read(ctx)
	if err != nil {
		return err
	}
	summary, err := t.check()
	if err != nil {
		return err
	}
	b, err := t.pack()
	if err != nil {
		return err
	}
	fmt.Printf("%s: %d bytes, %s\n", s.name, len(b), summary)
	return os.WriteFile(file, b, 0o644)
}

// check reads the documents, which must come out the same when written again,
// and tells what they hold.
func (t texts) check() (summary string, err error) {
	schema, err := schemajson.SchemaInfoFromJSON(t.schema)
	if err != nil {
		return "", err
	}
	info, err := schemajson.DsaInfoFromJSON(t.info)
	if err != nil {
		return "", err
	}
	if !bytes.Equal(schema.JSON(nil), t.schema) || !bytes.Equal(info.JSON(nil), t.info) {
		return "", fmt.Errorf("the JSON changes when it is read and written again")
	}
	problems := make(map[schemajson.ProblemCode]int)
	for _, p := range schema.Problems {
		problems[p.Code]++
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%d attribute types, %d classes, %d rules, %d rule uses, %d content rules, %d syntaxes",
		len(schema.AttributeTypes), len(schema.ObjectClasses), len(schema.MatchingRules), len(schema.MatchingRuleUses),
		len(schema.DITContentRules), len(schema.LDAPSyntaxes))
	fmt.Fprintf(&b, "; %d controls, %d extensions, %d features; problems: %v",
		len(info.SupportedControls), len(info.SupportedExtensions), len(info.SupportedFeatures), problems)
	return b.String(), nil
}

// pack makes the file: both documents, as they are, in an object, compressed.
// The header tells no time and no name.
func (t texts) pack() ([]byte, error) {
	var b bytes.Buffer
	z, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
	if err != nil {
		return nil, err
	}
	if _, err := fmt.Fprintf(z, `{"info": %s, "schema": %s}`, t.info, t.schema); err != nil {
		return nil, err
	}
	if err := z.Close(); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}
