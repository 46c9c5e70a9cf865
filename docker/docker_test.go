// Package docker_test checks the image's recipe and the compose file against the program itself, without an engine.
package docker_test

import (
	"debug/elf"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

type instruction struct{ name, rest string }

func dockerfile(t *testing.T) []instruction {
	t.Helper()
	source, err := os.ReadFile("Dockerfile")
	if err != nil {
		t.Fatal(err)
	}
	var all []instruction
	for line := range strings.Lines(string(source)) {
		if line = strings.TrimSpace(line); line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		name, rest, _ := strings.Cut(line, " ")
		all = append(all, instruction{name, rest})
	}
	return all
}

// build makes what `make build` makes, in a folder of the test, and returns the folder.
func build(t *testing.T) string {
	t.Helper()
	// go test keeps a result while the files that the test itself looks at stay the same: so look at the source.
	if err := filepath.WalkDir("..", func(path string, entry fs.DirEntry, err error) error {
		if err == nil && entry.IsDir() && (strings.HasPrefix(entry.Name(), ".") && path != ".." || entry.Name() == "bin" || entry.Name() == "data") {
			return fs.SkipDir
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if out, err := exec.Command("../scripts/build.sh", dir).CombinedOutput(); err != nil {
		t.Fatalf("build.sh: %v\n%s", err, out)
	}
	return dir
}

func TestImage(t *testing.T) {
	dir := build(t)
	t.Run("holds the static binary alone", func(t *testing.T) { holdsBinaryAlone(t, dir) })
	t.Run("compose speaks the program's words", func(t *testing.T) { composeSpeaks(t, filepath.Join(dir, "recourse")) })
}

func holdsBinaryAlone(t *testing.T, dir string) {
	ignore, err := os.ReadFile("Dockerfile.dockerignore")
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string][]string{}
	for _, in := range dockerfile(t) {
		seen[in.name] = append(seen[in.name], in.rest)
		if in.name != "COPY" {
			continue
		}
		fields := strings.Fields(regexp.MustCompile(`--\S+ `).ReplaceAllString(in.rest, ""))
		for _, source := range fields[:len(fields)-1] {
			made, ok := strings.CutPrefix(strings.TrimSuffix(source, "/"), "bin/")
			if !ok {
				t.Errorf("COPY %s: only what the build makes goes into the image", source)
				continue
			}
			if _, err := os.Stat(filepath.Join(dir, made)); err != nil {
				t.Errorf("COPY %s: make build doesn't make it: %v", source, err)
			}
			if !slices.Contains(strings.Split(string(ignore), "\n"), "!bin/"+made) {
				t.Errorf("COPY %s: Dockerfile.dockerignore hides it", source)
			}
		}
	}
	for name, want := range map[string]string{"FROM": "scratch", "USER": "65532:65532", "VOLUME": "/data", "ENTRYPOINT": `["/recourse"]`} {
		if !slices.Equal(seen[name], []string{want}) {
			t.Errorf("%s = %q, want once %s", name, seen[name], want)
		}
	}
	binary, err := elf.Open(filepath.Join(dir, "recourse"))
	if err != nil {
		t.Fatal(err)
	}
	defer binary.Close()
	for _, part := range binary.Progs {
		if part.Type == elf.PT_INTERP {
			t.Error("the binary asks for a dynamic loader, which an empty image lacks")
		}
	}
}

type composeFile struct {
	Services map[string]struct {
		Image       string            `yaml:"image"`
		Command     []string          `yaml:"command"`
		Environment map[string]string `yaml:"environment"`
		Secrets     []string          `yaml:"secrets"`
		DependsOn   map[string]struct {
			Condition string `yaml:"condition"`
		} `yaml:"depends_on"`
	} `yaml:"services"`
	Secrets map[string]struct {
		File string `yaml:"file"`
	} `yaml:"secrets"`
}

// composeSpeaks runs `recourse config` with the environment of the image and of each service: unknown names are refused by the program.
func composeSpeaks(t *testing.T, binary string) {
	source, err := os.ReadFile("compose.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var compose composeFile
	if err := yaml.Unmarshal(source, &compose); err != nil {
		t.Fatal(err)
	}
	secret := filepath.Join(t.TempDir(), "secret")
	if err := os.WriteFile(secret, []byte("mysql://recourse:secret@database:3306/recourse"), 0o600); err != nil {
		t.Fatal(err)
	}
	var image []string
	for _, in := range dockerfile(t) {
		if in.name == "ENV" {
			image = append(image, strings.Fields(in.rest)...)
		}
	}
	config := func(env ...string) (string, error) {
		cmd := exec.Command(binary, "config")
		cmd.Env, cmd.Dir = slices.Concat(image, env), t.TempDir()
		out, err := cmd.CombinedOutput()
		return string(out), err
	}

	for name, service := range compose.Services {
		for on := range service.DependsOn {
			if _, ok := compose.Services[on]; !ok {
				t.Errorf("service %s depends on %s, which is not there", name, on)
			}
		}
		for _, s := range service.Secrets {
			if compose.Secrets[s].File == "" {
				t.Errorf("service %s wants secret %s, which is not there", name, s)
			}
		}
		var env []string
		for key, value := range service.Environment {
			if strings.HasSuffix(key, "_FILE") {
				if !slices.Contains(service.Secrets, strings.TrimPrefix(value, "/run/secrets/")) {
					t.Errorf("service %s: %s = %s is not among its secrets", name, key, value)
				}
				value = secret
			}
			env = append(env, key+"="+value)
		}
		if service.Image != "recourse:latest" {
			continue
		}
		out, err := config(env...)
		if err != nil {
			t.Errorf("service %s: recourse config: %v\n%s", name, err, out)
		}
		if strings.Contains(out, "recourse:secret@") {
			t.Errorf("service %s: recourse config prints the database's password", name)
		}
	}
	if compose.Services["server"].DependsOn["migrate"].Condition != "service_completed_successfully" {
		t.Error("the server doesn't wait for the migration")
	}
	if out, err := config("RECOURSE_NO_SUCH_NAME=1"); err == nil || !strings.Contains(out, "RECOURSE_NO_SUCH_NAME") {
		t.Errorf("recourse config with an unknown name: %v\n%s\nwant a refusal that names it", err, out)
	}
}
