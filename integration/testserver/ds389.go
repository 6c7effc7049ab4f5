package testserver

import (
	"context"
	"crypto/sha512"
	"encoding/base64"
	"fmt"
	"net"
	"os"
	"os/user"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/ldapedge/ldapedge/ldap"
)

// DS389 is 389 Directory Server (Debian's package 389-ds-base) with the suffix
// dc=example,dc=com, of which anyone may read the one entry. It has no TLS, and
// runs as root only, who alone may read the files that it is set up from.
type DS389 struct {
	// Address is host and port.
	Address string
	// Credentials are those of the directory manager, who may do everything.
	Credentials ldap.Credentials

	process
}

// StartDS389 starts a 389 Directory Server and waits until it accepts
// connections. [DS389.Close] ends it and removes its files.
func StartDS389(ctx context.Context) (*DS389, error) {
	p, err := newProcess("ds389")
	if err != nil {
		return nil, err
	}
	d := &DS389{process: p, Credentials: ldap.Credentials{DN: "cn=Directory Manager", Password: "secret"}}
	if err := d.lay(); err != nil {
		d.Close()
		return nil, err
	}
	err = tryAddresses(freeAddress, func(address string) error {
		d.Address = address
		if err := d.configure(); err != nil {
			return err
		}
		if err := d.load(ctx); err != nil {
			return err
		}
		return d.Start(ctx)
	})
	if err != nil {
		d.Close()
		return nil, err
	}
	return d, nil
}

// URL returns the server's URL.
func (d *DS389) URL() string { return "ldap://" + d.Address }

// Start starts a server that has been killed, at the same address, and waits
// until it accepts connections.
func (d *DS389) Start(ctx context.Context) error {
	return d.run(ctx, d.Address, "ns-slapd", "-D", d.file("config"), "-i", d.file("run", "pid"), "-d", "0")
}

// lay makes the instance's folders and copies Debian's files of an instance
// into them. The schema that all instances share is read where it is.
func (d *DS389) lay() error {
	// The server expects its own schema beside its configuration.
	if err := d.folders("config/schema", "data", "ldif", "log", "run", "tmp"); err != nil {
		return err
	}
	for _, file := range []string{"config/slapd-collations.conf", "config/certmap.conf", "schema/99user.ldif"} {
		content, err := os.ReadFile(filepath.Join("/etc/dirsrv", file))
		if err != nil {
			return err
		}
		if err := os.WriteFile(d.file("config", strings.TrimPrefix(file, "config/")), content, 0o600); err != nil {
			return err
		}
	}
	return nil
}

// ds389Entries are what the configuration has beside Debian's template: the
// suffix and its database.
const ds389Entries = `
dn: cn=userRoot,cn=ldbm database,cn=plugins,cn=config
objectClass: top
objectClass: extensibleObject
objectClass: nsBackendInstance
cn: userRoot
nsslapd-suffix: dc=example,dc=com
nsslapd-directory: %db_dir%/userRoot

dn: cn="dc=example,dc=com",cn=mapping tree,cn=config
objectClass: top
objectClass: extensibleObject
objectClass: nsMappingTree
cn: dc=example,dc=com
nsslapd-state: backend
nsslapd-backend: userRoot
`

// ds389Data is the content of the suffix.
const ds389Data = `dn: dc=example,dc=com
objectClass: top
objectClass: domain
dc: example
aci: (targetattr != "userPassword")(version 3.0; acl "Anyone may read"; allow (read, search, compare) userdn = "ldap:///anyone";)
`

var placeholder = regexp.MustCompile("%[a-z_]+%")

// configure fills in Debian's template of a configuration.
func (d *DS389) configure() error {
	template, err := os.ReadFile("/usr/share/dirsrv/data/template-dse.ldif")
	if err != nil {
		return err
	}
	host, port, err := net.SplitHostPort(d.Address)
	if err != nil {
		return err
	}
	me, err := user.Current()
	if err != nil {
		return err
	}
	text := strings.TrimRight(string(template), "\n") + "\n" + ds389Entries
	text = strings.NewReplacer(
		"%inst_dir%", d.dir,
		"%config_dir%", d.file("config"),
		"%cert_dir%", d.file("config"),
		"%schema_dir%", d.file("config", "schema"),
		"%db_dir%", d.file("data"),
		"%db_home_dir%", d.file("data"),
		"%ldif_dir%", d.file("ldif"),
		"%bak_dir%", d.file("tmp"),
		"%log_dir%", d.file("log"),
		"%run_dir%", d.file("run"),
		"%lock_dir%", d.file("run"),
		"%tmp_dir%", d.file("tmp"),
		"%db_lib%", "mdb",
		"%ds_user%", me.Username,
		"%fqdn%", "localhost",
		// Without a host to listen on it would be all of them.
		"%ds_port%", port+"\nnsslapd-listenhost: "+host,
		"%ds_suffix%", "dc=example,dc=com",
		"%rootdn%", d.Credentials.DN,
		"%ds_passwd%", saltedSHA512(d.Credentials.Password),
		"%ldapi%", d.file("run", "ldapi"),
		"%ldapi_enabled%", "off",
		"%ldapi_autobind%", "off",
	).Replace(text)
	if left := placeholder.FindString(text); left != "" {
		return fmt.Errorf("389 Directory Server's template has a placeholder that is not known here: %s", left)
	}
	return os.WriteFile(d.file("config", "dse.ldif"), []byte(text), 0o600)
}

// saltedSHA512 hashes a password as the server stores it; it takes none in
// clear. Nothing depends on the salt being a secret, or another each time.
func saltedSHA512(password string) string {
	const salt = "12345678"
	sum := sha512.Sum512([]byte(password + salt))
	return "{SSHA512}" + base64.StdEncoding.EncodeToString(append(sum[:], salt...))
}

// load fills the suffix's database.
func (d *DS389) load(ctx context.Context) error {
	file := d.file("ldif", "data.ldif")
	if err := os.WriteFile(file, []byte(ds389Data), 0o600); err != nil {
		return err
	}
	return prepare(ctx, "ns-slapd", "ldif2db", "-D", d.file("config"), "-n", "userRoot", "-i", file)
}
