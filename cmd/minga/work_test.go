package main

import "testing"

func TestParseWork(t *testing.T) {
	for text, want := range map[string][3]string{
		"3 h Garden":                        {"3", "h", "Garden"},
		"1.5h Garden":                       {"1.5", "h", "Garden"},
		" 3  horas   Huerta de la  abuela ": {"3", "horas", "Huerta de la  abuela"},
		"2 kilowatt hours Pump":             {"2", "kilowatt hours", "Pump"},
		"2 kW h Pump":                       {"2", "kW h", "Pump"},
		"2 h h":                             {"2", "h", "h"},
		"1 cubic metre Compost":             {"1", "cubic metre", "Compost"},
		"1 fl oz Milk":                      {"1", "fl oz", "Milk"}, // the node asks which
		"1 moon Garden work":                {"1", "moon", "Garden work"},
		"1 day and night":                   {"1", "day", "and night"},
	} {
		effort, resource, ok := parseWork(text)
		if got := [3]string{effort.HasNumericalValue, effort.HasUnit, resource}; !ok || got != want {
			t.Errorf("%q: %q %v, want %q", text, got, ok, want)
		}
	}
	for _, text := range []string{"", "3", "3 h", "3h", "h Garden", "Garden 3 h", "1,5 h Garden", "3 "} {
		if effort, resource, ok := parseWork(text); ok {
			t.Errorf("%q was taken for %v %q", text, effort, resource)
		}
	}
}
