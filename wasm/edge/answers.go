package edge

// answers are those about schemas that have been made before. They hold as long as
// the schema does.
type answers struct {
	byKey map[string]*answer
	bytes int
}

// answer is an answer that may be given again.
type answer struct {
	schema *loadedSchema
	etag   string
	body   []byte
}

// maxAnswers bounds the answers together, in bytes, and maxAnswer one of them. When
// there is no more room all are forgotten.
const (
	maxAnswers = 4 << 20
	maxAnswer  = 256 << 10
)

// get returns the answer under a key that was made of the schema.
func (a *answers) get(key string, of *loadedSchema) *answer {
	if found := a.byKey[key]; found != nil && found.schema == of {
		return found
	}
	return nil
}

func (a *answers) put(key string, made *answer) {
	size := len(key) + len(made.body) + 100
	if size > maxAnswer {
		return
	}
	if old := a.byKey[key]; old != nil {
		a.bytes -= len(key) + len(old.body) + 100
	}
	if a.bytes+size > maxAnswers || a.byKey == nil {
		a.byKey, a.bytes = map[string]*answer{}, 0
	}
	a.byKey[key] = made
	a.bytes += size
}
