//go:build small

package facade

// connections has no calls in the small module.
var connections []map[string]handler
