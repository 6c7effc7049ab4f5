package dial

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"os"
	"strconv"
	"strings"
	"syscall"
)

// connect connects to a candidate.
func (d *Dialer) connect(ctx context.Context, c Candidate) (net.Conn, error) {
	if d.Allow != nil {
		if err := d.Allow(c); err != nil {
			return nil, err
		}
	}
	if d.DialContext != nil {
		return d.DialContext(ctx, c.Network(), c.Address)
	}
	if c.Family == Unix || !d.SourceAddress.IsValid() && len(d.SourcePorts) == 0 {
		return new(net.Dialer).DialContext(ctx, c.Network(), c.Address)
	}
	return d.connectFrom(ctx, c)
}

// connectFrom connects from the source address, and the first of the source
// ports that can be bound.
func (d *Dialer) connectFrom(ctx context.Context, c Candidate) (net.Conn, error) {
	address := d.SourceAddress.Unmap()
	if address.IsValid() && address.Is4() != (c.Family == IPv4) {
		return nil, &SourceError{Address: address, Err: fmt.Errorf("it is not of the family %s", c.Family)}
	}
	ports := d.SourcePorts
	if len(ports) == 0 {
		ports = []int{0}
	}
	failed := &SourceError{Address: address, Ports: ports}
	for _, port := range ports {
		dialer := net.Dialer{LocalAddr: &net.TCPAddr{IP: address.AsSlice(), Zone: address.Zone(), Port: port}}
		if port != 0 {
			dialer.Control = reuseAddress
		}
		conn, err := dialer.DialContext(ctx, "tcp", c.Address)
		if !cannotBind(err) {
			return conn, err
		}
		failed.Err = err
	}
	return nil, failed
}

// checkSource refuses a source that no connection could have.
func (d *Dialer) checkSource() error {
	if !d.SourceAddress.IsValid() && len(d.SourcePorts) == 0 {
		return nil
	}
	if d.DialContext != nil {
		return &SourceError{Address: d.SourceAddress, Ports: d.SourcePorts, Err: errors.New("a DialContext of one's own chooses for itself")}
	}
	for _, port := range d.SourcePorts {
		if port < 0 || port > 65535 {
			return &SourceError{Address: d.SourceAddress, Ports: d.SourcePorts, Err: fmt.Errorf("%d is not from 0 to 65535", port)}
		}
	}
	return nil
}

// cannotBind tells whether an error is about the local address alone. With the
// port of another connection to the same address, connecting is what fails.
func cannotBind(err error) bool {
	var call *os.SyscallError
	return errors.As(err, &call) && (call.Syscall == "bind" || errors.Is(call.Err, syscall.EADDRNOTAVAIL))
}

// SourceError tells that [Dialer.SourceAddress] and [Dialer.SourcePorts] cannot
// be used. It does not count against the server.
type SourceError struct {
	// Address is the source address; the zero value for none.
	Address netip.Addr
	// Ports are the source ports; none if it is about the address.
	Ports []int
	// Err is why, of the last port.
	Err error
}

// Error returns address, ports and cause.
func (e *SourceError) Error() string {
	s := "cannot connect from"
	if e.Address.IsValid() {
		s += " source address " + e.Address.String()
	}
	if len(e.Ports) > 0 && (len(e.Ports) > 1 || e.Ports[0] != 0) {
		ports := make([]string, len(e.Ports))
		for i, p := range e.Ports {
			ports[i] = strconv.Itoa(p)
		}
		s += " source ports " + strings.Join(ports, ", ")
	}
	return s + ": " + causeText(e.Err)
}

// Unwrap returns the cause.
func (e *SourceError) Unwrap() error { return e.Err }
