package node

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"

	"github.com/go-viper/mapstructure/v2"
	"github.com/knadh/koanf/v2"
	"github.com/pelletier/go-toml/v2"
)

// ConfigFile is the name of the configuration in a node's home.
const ConfigFile = "config.toml"

// Setting is one value of a configuration and where it comes from: "default",
// the path of the file, the name of a variable, or "flag".
type Setting struct {
	Key    string
	Value  any
	Origin string
}

// Load reads the configuration of a home: a flag wins over a variable MINGA_*,
// that over config.toml, that over the default. flags holds only the flags that
// were given. The settings are sorted by key. The configuration is not yet
// validated.
func Load(home string, env func(string) (string, bool), flags map[string]any) (Config, []Setting, error) {
	path := filepath.Join(home, ConfigFile)
	file, err := readConfigFile(path)
	if err != nil {
		return Config{}, nil, err
	}
	defaults, variables := defaultValues(), map[string]any{}
	origins := map[string]string{}
	for key := range defaults {
		origins[key] = "default"
	}
	for key := range file {
		if _, known := defaults[key]; !known {
			return Config{}, nil, fmt.Errorf("%w: %s: there is no setting %q", ErrBadConfig, path, key)
		}
		origins[key] = path
	}
	for key, value := range defaults {
		name := "MINGA_" + strings.ToUpper(strings.ReplaceAll(key, "-", "_"))
		text, set := env(name)
		if !set || text == "" {
			continue
		}
		variables[key], origins[key] = text, name
		if _, list := value.([]string); list {
			variables[key] = strings.FieldsFunc(text, func(r rune) bool { return r == ',' || r == ' ' })
		}
	}
	for key := range flags {
		origins[key] = "flag"
	}
	c, err := merge(defaults, file, variables, flags)
	if err != nil {
		return Config{}, nil, err
	}
	c.Home, err = filepath.Abs(home)
	return c, settings(c, origins), err
}

func readConfigFile(path string) (layer, error) {
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var values layer
	if err := toml.Unmarshal(text, &values); err != nil {
		var where *toml.DecodeError
		if errors.As(err, &where) {
			line, column := where.Position()
			return nil, fmt.Errorf("%w: %s, line %d, column %d: %v", ErrBadConfig, path, line, column, err)
		}
		return nil, fmt.Errorf("%w: %s: %v", ErrBadConfig, path, err)
	}
	return values, nil
}

// layer is one source of values; it implements koanf.Provider.
type layer map[string]any

// Read returns the values.
func (l layer) Read() (map[string]any, error) { return l, nil }

// ReadBytes is not used: a layer is read already.
func (l layer) ReadBytes() ([]byte, error) { return nil, errors.ErrUnsupported }

func merge(layers ...layer) (Config, error) {
	var c Config
	k := koanf.New(".")
	for _, l := range layers {
		if err := k.Load(l, nil); err != nil {
			return c, fmt.Errorf("%w: %w", ErrBadConfig, err)
		}
	}
	err := k.UnmarshalWithConf("", &c, koanf.UnmarshalConf{DecoderConfig: &mapstructure.DecoderConfig{
		TagName: "koanf", WeaklyTypedInput: true, ErrorUnused: true,
	}})
	if err != nil {
		return c, fmt.Errorf("%w: %w", ErrBadConfig, err)
	}
	return c, nil
}

func defaultValues() layer { return values(Defaults()) }

// values returns the settings of a configuration by key.
func values(c Config) layer {
	all := layer{}
	v := reflect.ValueOf(c)
	for i := range v.NumField() {
		if key := v.Type().Field(i).Tag.Get("koanf"); key != "-" {
			all[key] = v.Field(i).Interface()
		}
	}
	return all
}

func settings(c Config, origins map[string]string) []Setting {
	all := []Setting{{Key: "home", Value: c.Home, Origin: "flag, MINGA_HOME or default"}}
	for key, value := range values(c) {
		all = append(all, Setting{Key: key, Value: value, Origin: origins[key]})
	}
	slices.SortFunc(all, func(a, b Setting) int { return strings.Compare(a.Key, b.Key) })
	return all
}
