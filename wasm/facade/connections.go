//go:build !small

package facade

// connections are the calls about connections, pools and filters, which the small
// module leaves out.
var connections = []map[string]handler{poolCalls, connectionCalls, entryCalls, filterCalls}
