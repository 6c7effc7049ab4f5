package tunnel

import (
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"
)

func TestAppendFrame(t *testing.T) {
	broken := errors.New("broken")
	for name, test := range map[string]struct {
		r    io.Reader
		most int
		want string
		err  error
	}{
		"whole":        {strings.NewReader("frame"), 10, "> frame", nil},
		"byte by byte": {iotest.OneByteReader(strings.NewReader("frame")), 7, "> frame", nil},
		"end with it":  {iotest.DataErrReader(strings.NewReader("frame")), 7, "> frame", nil},
		"empty":        {strings.NewReader(""), 10, "> ", nil},
		"too big":      {iotest.OneByteReader(strings.NewReader("frame")), 6, "> frame", ErrTooBig},
		"broken":       {io.MultiReader(strings.NewReader("fra"), iotest.ErrReader(broken)), 10, "> fra", broken},
	} {
		if got, err := AppendFrame([]byte("> "), test.r, test.most); string(got) != test.want || err != test.err {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
}
