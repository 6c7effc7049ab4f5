package ldap

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	ber "github.com/go-asn1-ber/asn1-ber"

	"github.com/ldapedge/ldapedge/ldap/control"
	"github.com/ldapedge/ldapedge/ldap/message"
)

const uuid = "0123456789abcdef"

func stateControl(action byte, cookie string) message.Control {
	value := lv(10, string([]byte{action})) + lv(4, uuid)
	if cookie != "" {
		value += lv(4, cookie)
	}
	return message.Control{OID: control.OIDSyncState, Value: []byte(lv(0x30, value))}
}

// syncServer answers a synchronization; one that persists goes on after an hour
// of silence.
func syncServer(w io.Writer, id int64, p *ber.Packet) {
	if p.Children[1].Tag != 3 {
		return
	}
	withControls(w, id, entry("cn=a", attribute("uidNumber", "7")), stateControl(1, "1"))
	reply(w, id, lv(0x79, lv(0x80, "1.2.3")))
	withControls(w, id, lv(0x73, lv(4, "ldap://other/")), stateControl(1, ""))
	reply(w, id, lv(0x79, lv(0x80, control.OIDSyncInfo), lv(0x81, lv(0xa3, lv(4, "2"), lv(1, "\xff"), lv(0x31, lv(4, uuid))))))
	value := ber.DecodePacket(p.Children[2].Children[0].Children[2].Data.Bytes())
	if value.Children[0].Value.(int64) == int64(control.SyncRefreshOnly) {
		withControls(w, id, result(0x65, 0, ""), message.Control{OID: control.OIDSyncDone, Value: []byte(lv(0x30, lv(4, "3"), lv(1, "\xff")))})
		return
	}
	go func() {
		time.Sleep(time.Hour)
		withControls(w, id, entry("cn=b"), stateControl(3, "4"))
	}()
}

func TestSync(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := dialWhole(t, people(), syncServer)
		sync := func(s control.Sync) (all []string) {
			ctx, cancel := context.WithTimeout(t.Context(), 2*time.Hour)
			defer cancel()
			for e, err := range c.Sync(ctx, message.SearchRequest{Base: "dc=x"}, s) {
				text := "cookie " + string(e.Cookie)
				if err != nil {
					text += " error " + err.Error()
				}
				if e.State != nil {
					text += fmt.Sprint(" ", e.State.Action, " ", string(e.State.UUID[:]), " ", e.Entry.DN(), e.References)
					if v := e.Entry.Values("uidNumber"); len(v.Values) > 0 {
						n, _ := v.Values[0].Int64()
						text += fmt.Sprint(n)
					}
				}
				if e.Info != nil {
					text += fmt.Sprint(" info ", e.Info.RefreshDeletes, len(e.Info.UUIDs))
				}
				if e.Done != nil {
					text += fmt.Sprint(" done ", e.Done.RefreshDeletes)
				}
				if all = append(all, text); e.State != nil && e.State.Action == control.SyncDelete {
					break
				}
			}
			return all
		}
		begin := []string{"cookie 1 add " + uuid + " cn=a[]7", "cookie 1 add " + uuid + " [ldap://other/]", "cookie 2 info true 1"}
		if got := sync(control.Sync{}); !slices.Equal(got, append(begin[:3:3], "cookie 3 done true")) {
			t.Errorf("refresh alone: %q", got)
		}
		if got := sync(control.Sync{Mode: control.SyncRefreshAndPersist, Cookie: []byte("0")}); !slices.Equal(got, append(begin[:3:3], "cookie 4 delete "+uuid+" cn=b[]")) {
			t.Errorf("refresh and persist: %q", got)
		}
		c.Close()
	})
}

func TestSyncErrors(t *testing.T) {
	tests := []struct{ name, response, err string }{
		{"too old", result(0x65, 0, ""), ""},
		{"refused", lv(0x65, lv(10, "\x10\x00"), lv(4), lv(4)), "search: e-syncRefreshRequired"},
		{"broken entry", lv(0x64, "x"), "search: objectName: protocol error"},
		{"broken info", lv(0x79, lv(0x80, control.OIDSyncInfo), lv(0x81, "x")), "search: sync info control"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			c := dialWhole(t, nil, func(w io.Writer, id int64, p *ber.Packet) {
				if p.Children[1].Tag == 3 {
					reply(w, id, test.response)
				}
			})
			var last error
			for e, err := range c.Sync(t.Context(), message.SearchRequest{}, control.Sync{Cookie: []byte("old")}) {
				if last = err; string(e.Cookie) != "old" {
					t.Errorf("cookie %q", e.Cookie)
				}
			}
			if (last == nil) != (test.err == "") || last != nil && !strings.HasPrefix(last.Error(), test.err) {
				t.Errorf("%v", last)
			}
		})
	}
}

func TestPersistentSearch(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := dialWhole(t, nil, func(w io.Writer, id int64, p *ber.Packet) {
			if p.Children[1].Tag != 3 {
				return
			}
			reply(w, id, entry("cn=a"))
			go func() {
				time.Sleep(time.Hour)
				withControls(w, id, entry("cn=c"), message.Control{OID: control.OIDEntryChange,
					Value: []byte(lv(0x30, lv(10, "\x08"), lv(4, "cn=b"), lv(2, "\x05")))})
			}()
		})
		var got []string
		for change, err := range c.PersistentSearch(t.Context(), message.SearchRequest{}, control.PersistentSearch{Notify: true}) {
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, fmt.Sprint(change.DN(), " ", change.Type, " ", change.PreviousDN, " ", change.Number))
			if change.Type != 0 {
				break
			}
		}
		if want := []string{"cn=a 0  0", "cn=c modDN cn=b 5"}; !slices.Equal(got, want) {
			t.Errorf("got %q", got)
		}
		c.Close()
	})
}
