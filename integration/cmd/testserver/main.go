// Command testserver runs a real slapd for tests that are not written in Go or,
// given "samba" or "389", one of those or, given the name of a pre-built set or an
// LDIF file with a subschema entry, a server that publishes it. It prints one line
// of JSON, {"url":…}, once the server answers; of Samba and 389 it has the
// administrator too, as "dn" and "password". With -people slapd has that many; with
// -tls it speaks ldaps, and the line has the certificate's file as "ca". For slapd,
// each line on standard input is then a command, answered by the line "ok" or
// "error …":
//
//	kill   ends the server at once
//	start  starts it again, at the same address
//
// At the end of standard input everything is stopped and removed.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/ldapedge/ldapedge/integration/testserver"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "testserver:", err)
		os.Exit(1)
	}
}

func run() error {
	people := flag.Int("people", 0, "how many people slapd has")
	tls := flag.Bool("tls", false, "slapd speaks ldaps")
	flag.Parse()
	ctx := context.Background()
	switch flag.Arg(0) {
	case "":
	case "samba":
		s, err := testserver.StartSamba(ctx)
		if err != nil {
			return err
		}
		return untilEnd(s, announcement{URL: s.URL(), DN: s.Credentials.DN, Password: s.Credentials.Password})
	case "389":
		d, err := testserver.StartDS389(ctx)
		if err != nil {
			return err
		}
		return untilEnd(d, announcement{URL: d.URL(), DN: d.Credentials.DN, Password: d.Credentials.Password})
	default:
		return prebuilt(flag.Arg(0))
	}
	c := testserver.SlapdConfig{TLS: *tls}
	if *people > 0 {
		c.Entries = testserver.People(*people)
	}
	slapd, err := c.Start(ctx)
	if err != nil {
		return err
	}
	defer slapd.Close()
	said := announcement{URL: slapd.URL()}
	if *tls {
		said = announcement{URL: "ldaps://" + slapd.TLSAddress, CA: slapd.CAFile}
	}
	if err := said.print(); err != nil {
		return err
	}
	commands := bufio.NewScanner(os.Stdin)
	for commands.Scan() {
		var err error
		switch commands.Text() {
		case "kill":
			slapd.Kill()
		case "start":
			err = slapd.Start(ctx)
		default:
			err = fmt.Errorf("there is no command %q", commands.Text())
		}
		if err != nil {
			fmt.Println("error", err)
		} else {
			fmt.Println("ok")
		}
	}
	return commands.Err()
}

// announcement is the first line.
type announcement struct {
	URL string `json:"url"`
	// CA is the PEM file of the certificate to trust, with -tls.
	CA string `json:"ca,omitempty"`
	// DN and Password are those of the administrator.
	DN       string `json:"dn,omitempty"`
	Password string `json:"password,omitempty"`
}

func (a announcement) print() error { return json.NewEncoder(os.Stdout).Encode(a) }

func prebuilt(name string) error {
	start := testserver.StartPrebuilt
	if strings.HasSuffix(name, ".ldif") {
		start = testserver.StartLDIF
	}
	p, err := start(name)
	if err != nil {
		return err
	}
	return untilEnd(p, announcement{URL: p.URL()})
}

// untilEnd announces a server, and closes it at the end of standard input.
func untilEnd(server io.Closer, said announcement) error {
	defer server.Close()
	if err := said.print(); err != nil {
		return err
	}
	_, err := io.Copy(io.Discard, os.Stdin)
	return err
}
