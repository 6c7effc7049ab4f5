package viewer

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

const (
	guidePage = "../../../docs/viewer.md"
	wordsFile = "../../../www/src/text.ts"
)

func read(t *testing.T, file string) string {
	t.Helper()
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

var (
	testLink = regexp.MustCompile(`\[((?:\\.|[^\]\\])+)\]\(([^)]+(?:\.test\.mjs|_test\.go))\)`)
	escape   = regexp.MustCompile(`\\(.)`)
)

// definition matches where a test is defined. In a title "…" stands for what the
// test is run with.
func definition(file, title string) *regexp.Regexp {
	title = regexp.QuoteMeta(escape.ReplaceAllString(title, "$1"))
	if strings.HasSuffix(file, ".go") {
		return regexp.MustCompile(`(?m)^func ` + title + `\(`)
	}
	return regexp.MustCompile("\\btest\\(\\s*[\"`]" + strings.ReplaceAll(title, "…", `\$\{[^}]*\}`) + "[\"`],")
}

// The tests that the guide names for what the page has are there.
func TestGuideNamesTests(t *testing.T) {
	links := testLink.FindAllStringSubmatch(read(t, guidePage), -1)
	if len(links) < 100 {
		t.Errorf("it names %d tests", len(links))
	}
	for _, link := range links {
		title, file := link[1], link[2]
		b, err := os.ReadFile(filepath.Join(filepath.Dir(guidePage), file))
		if err != nil {
			t.Error(err)
		} else if !definition(file, title).Match(b) {
			t.Errorf("%s has no test %q", file, title)
		}
	}
}

// The guide has every row of its tables linked to a test.
func TestGuideHasATestForEachRow(t *testing.T) {
	_, tables, _ := strings.Cut(read(t, guidePage), "\n## What it has")
	for line := range strings.Lines(tables) {
		heading := strings.HasPrefix(line, "|---") || strings.HasSuffix(line, "| shown by |\n")
		if strings.HasPrefix(line, "| ") && !heading && !testLink.MatchString(line) {
			t.Errorf("no test is named: %s", line)
		}
	}
}

// The guide names every key that the page's dialog of keys does.
func TestGuideHasEveryKey(t *testing.T) {
	dialog := regexp.MustCompile(`(?s)\n\tkeys: \{.*?\n\t\tlist: \[(.*?)\n\t\t\]`).FindStringSubmatch(read(t, wordsFile))
	if dialog == nil {
		t.Fatal("there is no dialog of keys")
	}
	keys := 0
	for _, line := range regexp.MustCompile(`\[\[([^\n]*?)\], `).FindAllStringSubmatch(dialog[1], -1) {
		for _, key := range regexp.MustCompile(`"([^"]+)"`).FindAllStringSubmatch(line[1], -1) {
			keys++
			if !strings.Contains(read(t, guidePage), "`"+key[1]+"`") {
				t.Errorf("there is no %s", key[1])
			}
		}
	}
	if keys < 11 {
		t.Errorf("the dialog has %d keys", keys)
	}
}
