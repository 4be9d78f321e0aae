package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

const largest = 64 << 20 // bytes of one answer

// source is where a log and its records are read: a site, or a folder in which a mirror laid them down.
type source interface {
	// get answers with a status of HTTP; an error means that nothing can be said.
	get(path string) (int, []byte, error)
}

func sourceAt(place string) source {
	if strings.HasPrefix(place, "http://") || strings.HasPrefix(place, "https://") {
		return &site{strings.TrimSuffix(place, "/"), &http.Client{Timeout: time.Minute}}
	}
	return folder(place)
}

type site struct {
	base   string
	client *http.Client
}

func (s *site) get(path string) (int, []byte, error) {
	answer, err := s.client.Get(s.base + "/" + path)
	if err != nil {
		return 0, nil, err
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(io.LimitReader(answer.Body, largest))
	return answer.StatusCode, body, err
}

// folder holds the file of each address; that of a record holds its page as index.html and, when it was taken down,
// a file "status" with the number that the site answered.
type folder string

func (f folder) get(path string) (int, []byte, error) {
	at := filepath.Join(string(f), filepath.FromSlash(path))
	if status, err := os.ReadFile(filepath.Join(strings.TrimSuffix(at, string(filepath.Separator)+"record.json"), "status")); err == nil {
		number, err := strconv.Atoi(strings.TrimSpace(string(status)))
		return number, nil, err
	}
	if info, err := os.Stat(at); err == nil && info.IsDir() {
		at = filepath.Join(at, "index.html")
	}
	body, err := os.ReadFile(at)
	if errors.Is(err, fs.ErrNotExist) {
		return http.StatusNotFound, nil, nil
	}
	return http.StatusOK, body, err
}

// must reads what has to be there.
func must(from source, path string) ([]byte, error) {
	status, body, err := from.get(path)
	if err != nil {
		return nil, err
	}
	if status != http.StatusOK {
		return nil, fmt.Errorf("/%s is not there (status %d)", path, status)
	}
	return body, nil
}
