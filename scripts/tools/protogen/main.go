// Command protogen writes the Go code of the .proto files below a directory, or
// checks that the committed code is what they give.
//
// It needs no protoc: a compiler of .proto files in Go makes the descriptors,
// and protoc-gen-go, whose version go.mod pins, turns them into code. So the
// check runs on every machine that has Go.
package main

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"sort"
	"strings"

	"github.com/bufbuild/protocompile"
	"github.com/bufbuild/protocompile/protoutil"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/descriptorpb"
	"google.golang.org/protobuf/types/pluginpb"
)

func main() {
	root := flag.String("root", "proto", "directory that import paths of .proto files start from")
	plugin := flag.String("plugin", "protoc-gen-go", "the protoc-gen-go program")
	check := flag.Bool("check", false, "change nothing, exit 1 if the code on disk is not what the .proto files give")
	flag.Parse()

	files, err := generate(*root, *plugin)
	if err == nil && *check {
		err = compare(*root, files)
	} else if err == nil {
		err = write(*root, files)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "protogen:", err)
		os.Exit(1)
	}
}

// generate returns the generated files below root, by path.
func generate(root, plugin string) (map[string][]byte, error) {
	names, err := find(root, ".proto")
	if err != nil {
		return nil, err
	}
	compiler := protocompile.Compiler{
		Resolver:       protocompile.WithStandardImports(&protocompile.SourceResolver{ImportPaths: []string{root}}),
		SourceInfoMode: protocompile.SourceInfoStandard,
	}
	compiled, err := compiler.Compile(context.Background(), names...)
	if err != nil {
		return nil, err
	}
	request := &pluginpb.CodeGeneratorRequest{
		FileToGenerate:  names,
		Parameter:       proto.String("paths=source_relative"),
		CompilerVersion: &pluginpb.Version{Major: proto.Int32(3), Minor: proto.Int32(21), Patch: proto.Int32(12)},
	}
	seen := map[string]bool{}
	for _, f := range compiled {
		request.ProtoFile = appendWithImports(request.ProtoFile, f, seen)
	}
	return runPlugin(plugin, request)
}

// appendWithImports adds the descriptor of a file after those that it imports,
// each once, as protoc does.
func appendWithImports(to []*descriptorpb.FileDescriptorProto, f protoreflect.FileDescriptor, seen map[string]bool) []*descriptorpb.FileDescriptorProto {
	if seen[f.Path()] {
		return to
	}
	seen[f.Path()] = true
	imports := f.Imports()
	for i := range imports.Len() {
		to = appendWithImports(to, imports.Get(i).FileDescriptor, seen)
	}
	return append(to, protoutil.ProtoFromFileDescriptor(f))
}

// runPlugin asks protoc-gen-go for the code.
func runPlugin(plugin string, request *pluginpb.CodeGeneratorRequest) (map[string][]byte, error) {
	in, err := proto.Marshal(request)
	if err != nil {
		return nil, err
	}
	cmd := exec.Command(plugin)
	cmd.Stdin = bytes.NewReader(in)
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", plugin, err)
	}
	var response pluginpb.CodeGeneratorResponse
	if err := proto.Unmarshal(out, &response); err != nil {
		return nil, fmt.Errorf("answer of %s: %w", plugin, err)
	}
	if response.Error != nil {
		return nil, errors.New(response.GetError())
	}
	files := map[string][]byte{}
	for _, f := range response.File {
		files[f.GetName()] = []byte(f.GetContent())
	}
	return files, nil
}

// protocLine is the line of a header that names the protoc that was used.
var protocLine = regexp.MustCompile(`(?m)^// \tprotoc +v.*\n`)

// compare reports every file that differs, is missing, or has no .proto. Which
// protoc somebody used makes no difference.
func compare(root string, want map[string][]byte) error {
	var faults []string
	have, err := find(root, ".pb.go")
	if err != nil {
		return err
	}
	for _, name := range have {
		if _, ok := want[name]; !ok {
			faults = append(faults, name+" comes from no .proto file")
		}
	}
	for name, text := range want {
		got, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(name)))
		if errors.Is(err, fs.ErrNotExist) {
			faults = append(faults, name+" is missing")
			continue
		}
		if err != nil {
			return err
		}
		if !bytes.Equal(protocLine.ReplaceAll(got, nil), protocLine.ReplaceAll(text, nil)) {
			faults = append(faults, name+" is not what its .proto file gives")
		}
	}
	if len(faults) == 0 {
		return nil
	}
	sort.Strings(faults)
	return fmt.Errorf("%s\nrun: make generate", strings.Join(faults, "\n"))
}

// write puts the generated files in their places.
func write(root string, files map[string][]byte) error {
	for name, text := range files {
		path := filepath.Join(root, filepath.FromSlash(name))
		if err := os.WriteFile(path, text, 0o644); err != nil {
			return err
		}
	}
	return nil
}

// find lists the files below root whose names end in suffix, with slashes, in
// order.
func find(root, suffix string) ([]string, error) {
	var names []string
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, suffix) {
			return err
		}
		rel, err := filepath.Rel(root, path)
		names = append(names, filepath.ToSlash(rel))
		return err
	})
	sort.Strings(names)
	return names, err
}
