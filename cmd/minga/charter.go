package main

import (
	"io"
	"strconv"

	"golang.org/x/text/unicode/norm"

	"github.com/minga-commons/minga/ledger/archive/charterfile"
	"github.com/minga-commons/minga/node/api"
	"github.com/minga-commons/minga/protocol"
)

// charterSource is a charter that was read, and what its faults are told under.
type charterSource struct {
	label string
	*charterfile.File
}

// charterFrom reads the charter of a file or of a template; without either there
// is none.
func (a *app) charterFrom(file, template string) (*charterSource, error) {
	switch {
	case file != "" && template != "":
		return nil, a.usage("--charter and --template are two charters: choose one")
	case template != "":
		t, err := a.templateOf(template)
		if err != nil {
			return nil, err
		}
		return a.charterText(template, []byte(t.Charter))
	case file == "":
		return nil, nil
	}
	from, _, err := a.open(file)
	if err != nil {
		return nil, err
	}
	defer from.Close()
	text, err := io.ReadAll(io.LimitReader(from, charterfile.MaxSize+1))
	if err != nil {
		return nil, err
	}
	return a.charterText(file, text)
}

func (a *app) charterText(label string, text []byte) (*charterSource, error) {
	file, faults := charterfile.Read(text)
	if len(faults) > 0 {
		return nil, a.badCharter(label, faults)
	}
	return &charterSource{label, file}, nil
}

// badCharter tells every fault of a charter file with its line.
func (a *app) badCharter(label string, faults []charterfile.Fault) error {
	text := a.t("this is not a charter; nothing was written")
	for _, f := range faults {
		where := label
		if f.Line > 0 {
			where += ":" + strconv.Itoa(f.Line)
		}
		text += "\n  " + printable(where+": "+f.Text(a.lang))
	}
	return &statusError{exitInvalid, text}
}

// nameOf returns the name of the commons that stands in the charter, if one does.
func (s *charterSource) nameOf() string {
	if s == nil {
		return ""
	}
	name, _ := s.Doc["name"].(string)
	return name
}

// called gives the charter the name of the commons, where it has none yet.
func (s *charterSource) called(name string) {
	if _, given := s.Doc["name"]; !given {
		s.Doc["name"] = norm.NFC.String(name)
	}
}

// fill puts the name of the commons in a template in the place of NAME.
func fill(v protocol.Value, name string) protocol.Value {
	switch v := v.(type) {
	case string:
		if v == "NAME" {
			return name
		}
	case []protocol.Value:
		for i := range v {
			v[i] = fill(v[i], name)
		}
	case map[string]protocol.Value:
		for key := range v {
			v[key] = fill(v[key], name)
		}
	}
	return v
}

// document returns the charter as the API takes it.
func (s *charterSource) document() api.CharterDocument {
	doc := make(api.CharterDocument, len(s.Doc))
	for key, value := range s.Doc {
		doc[key] = value
	}
	return doc
}
