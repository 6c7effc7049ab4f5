package filter

import "github.com/ldapedge/ldapedge/ldap/internal/tlv"

// node is a filter while it is put together: parts are encoded once the length
// of the whole is known, so that the time does not grow with the depth.
type node struct {
	// item is the encoding of a filter without parts, empty for one with parts.
	item  string
	kind  Kind
	parts []node
	// length is that of the parts' encodings.
	length int
}

func (n *node) add(part node) {
	n.parts = append(n.parts, part)
	n.length += part.size()
}

func (n *node) size() int {
	if n.item != "" {
		return len(n.item)
	}
	return tlv.Size(n.length)
}

func (n *node) append(dst []byte) []byte {
	if n.item != "" {
		return append(dst, n.item...)
	}
	dst = tlv.AppendHeader(dst, byte(n.kind), n.length)
	for i := range n.parts {
		dst = n.parts[i].append(dst)
	}
	return dst
}

func (n *node) filter() Filter {
	if n.item != "" {
		return Filter{n.item}
	}
	return Filter{string(n.append(make([]byte, 0, n.size())))}
}
