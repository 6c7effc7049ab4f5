package testserver

import (
	"cmp"
	"context"
	_ "embed"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"os"
	"strings"

	"github.com/ldapedge/ldapedge/ldap"
)

// Samba is Samba's Active Directory domain controller (Debian's packages
// samba-ad-dc, samba-ad-provision, samba-dsdb-modules and samba-vfs-modules)
// for the domain ad.example.com, with nothing but LDAP, and TLS only if asked for.
// It runs as root only.
//
// It answers a simple bind in clear, which Active Directory by default refuses
// with the result strongerAuthRequired. Without a bind there is only the root
// DSE to be read.
type Samba struct {
	// Address is host and port. The port is 389 always, and the global catalog's
	// 3268; the host is an address of loopback that nobody else uses.
	Address string
	// CAFile is a PEM file of the certificate to trust, which is for the address;
	// empty without [SambaConfig.TLS].
	CAFile string
	// Credentials are those of the domain's administrator.
	Credentials ldap.Credentials

	process
}

// SambaConfig says how a Samba is set up. The zero value has the defaults.
type SambaConfig struct {
	// BaseSchema is Microsoft's schema that the domain has: "2016", or one that
	// the option --base-schema of "samba-tool domain provision" offers. Default:
	// "2012_R2".
	BaseSchema string
	// TLS gives it a certificate, for StartTLS. Without, Samba agrees to StartTLS
	// all the same, and crashes.
	TLS bool
}

// StartSamba starts a Samba with the defaults; see [SambaConfig.Start].
func StartSamba(ctx context.Context) (*Samba, error) { return SambaConfig{}.Start(ctx) }

// Start sets up a domain, which takes some seconds, starts its controller and
// waits until that accepts connections. [Samba.Close] ends it and removes its
// files.
func (c SambaConfig) Start(ctx context.Context) (*Samba, error) {
	if os.Geteuid() != 0 {
		return nil, errors.New("samba runs as root only")
	}
	p, err := newProcess("samba")
	if err != nil {
		return nil, err
	}
	s := &Samba{process: p, Credentials: ldap.Credentials{DN: "CN=Administrator,CN=Users,DC=ad,DC=example,DC=com", Password: "Secret-1"}}
	if err := c.provision(ctx, s); err != nil {
		s.Close()
		return nil, err
	}
	err = tryAddresses(freeSambaAddress, func(address string) error {
		s.Address = address
		if err := s.configure(c.TLS); err != nil {
			return err
		}
		return s.Start(ctx)
	})
	if err != nil {
		s.Close()
		return nil, err
	}
	return s, nil
}

// URL returns the server's URL.
func (s *Samba) URL() string { return "ldap://" + s.Address }

// Start starts a server that has been killed, at the same address, and waits
// until it accepts connections.
func (s *Samba) Start(ctx context.Context) error {
	return s.run(ctx, s.Address, "samba", "--foreground", "--model=single", "--no-process-group",
		"--configfile="+s.file("smb.conf"), "--log-basename="+s.file("log"))
}

//go:embed provision.py
var provisionProgram string

// provision sets up the domain's databases.
func (c SambaConfig) provision(ctx context.Context, s *Samba) error {
	// Python's own packages are those of Debian's Python.
	return prepare(ctx, "/usr/bin/python3", "-I", "-c", provisionProgram, "domain", "provision",
		"--realm=AD.EXAMPLE.COM", "--domain=ADEX", "--host-name=dc1", "--host-ip=127.0.0.1",
		"--server-role=dc", "--dns-backend=NONE", "--use-rfc2307",
		"--adminpass="+s.Credentials.Password, "--base-schema="+cmp.Or(c.BaseSchema, "2012_R2"),
		"--targetdir="+s.dir, "--configfile=/dev/null", "--option=private dir="+s.file("private"),
		"--option=log file="+s.file("provision.log"))
}

//go:embed modify.py
var modifyProgram string

// Modify makes the changes of an LDIF file in the databases themselves, for
// what the server refuses to anyone over LDAP, such as a sIDHistory. Each
// record ends with one empty line; SIDs, GUIDs and descriptors are texts.
func (s *Samba) Modify(ctx context.Context, ldifFile string) error {
	return prepare(ctx, "/usr/bin/python3", "-I", "-c", modifyProgram, s.file("smb.conf"), ldifFile)
}

const sambaConfiguration = `[global]
	netbios name = DC1
	realm = AD.EXAMPLE.COM
	workgroup = ADEX
	server role = active directory domain controller
	server services = ldap
	dcerpc endpoint servers = epmapper
	interfaces = %host%/8
	bind interfaces only = yes
	tls enabled = %tls%
	tls certfile = %dir%/certificate.pem
	tls keyfile = %dir%/key.pem
	tls cafile = %dir%/certificate.pem
	ldap server require strong auth = no
	idmap_ldb:use rfc2307 = yes
	disable spoolss = yes
	load printers = no
	lock directory = %dir%
	private dir = %dir%/private
	state directory = %dir%/state
	cache directory = %dir%/cache
	pid directory = %dir%/run
	log file = %dir%/log/samba.log
	binddns dir = %dir%/bind-dns
	ncalrpc dir = %dir%/ncalrpc
	winbindd socket directory = %dir%/winbindd
	ntp signd socket directory = %dir%/ntp_signd
`

// configure writes smb.conf, for LDAP alone, in place of the provisioned one.
func (s *Samba) configure(tls bool) error {
	if err := s.folders("cache", "log", "run"); err != nil {
		return err
	}
	host, _, err := net.SplitHostPort(s.Address)
	if err != nil {
		return err
	}
	enabled := "no"
	if tls {
		enabled = "yes"
		if s.CAFile, _, err = s.certify(host); err != nil {
			return err
		}
	}
	text := strings.NewReplacer("%host%", host, "%dir%", s.dir, "%tls%", enabled).Replace(sambaConfiguration)
	return os.WriteFile(s.file("smb.conf"), []byte(text), 0o600)
}

// freeSambaAddress returns an address of loopback with all of Samba's ports
// free. It is a random one, so that two programs do not find the same.
func freeSambaAddress() (string, error) {
	host := fmt.Sprintf("127.%d.%d.%d", 1+rand.N(254), rand.N(256), 1+rand.N(254))
	for _, port := range []string{"3268", "3269", "636", "389"} {
		l, err := net.Listen("tcp", net.JoinHostPort(host, port))
		if err != nil {
			return "", err
		}
		l.Close()
	}
	return net.JoinHostPort(host, "389"), nil
}
