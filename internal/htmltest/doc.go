// Package htmltest opens the HTML report in a browser and uses it: its tests, behind
// the tag chromium, need a Chromium on the path. It is a module of its own, so
// that nobody who uses the library gets a browser's driver with it.
package htmltest
