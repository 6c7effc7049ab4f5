package schemajson

import (
	"slices"
	"testing"
)

func TestScanner(t *testing.T) {
	source := `(1.1 NAME'a'DESC 'New Object's Rights' MUST(b$c) SYNTAX 1.2{3}X-A 'open`
	var kinds []TokenKind
	var texts []string
	scan := NewScanner(source)
	for {
		token := scan.Next()
		kinds, texts = append(kinds, token.Kind), append(texts, source[token.Start:token.End])
		if token.Kind == TokenEnd {
			break
		}
	}
	wantTexts := []string{"(", "1.1", "NAME", "'a'", "DESC", "'New Object's Rights'", "MUST", "(", "b", "$", "c", ")", "SYNTAX", "1.2{3}", "X-A", "'open", ""}
	if !slices.Equal(texts, wantTexts) {
		t.Errorf("%q", texts)
	}
	wantKinds := []TokenKind{TokenOpen, TokenWord, TokenWord, TokenString, TokenWord, TokenString, TokenWord, TokenOpen, TokenWord, TokenDollar, TokenWord, TokenClose,
		TokenWord, TokenWord, TokenWord, TokenString, TokenEnd}
	if !slices.Equal(kinds, wantKinds) {
		t.Errorf("%v", kinds)
	}
}
