package api

import (
	"context"
	"net"
	"net/http"
	"runtime/debug"
	"strconv"
	"strings"
	"time"
)

type exchangeKey struct{}

// exchange is the HTTP side of a request, for the handlers that read its body
// or write its answer themselves.
type exchange struct {
	w http.ResponseWriter
	r *http.Request
}

func exchangeOf(ctx context.Context) exchange {
	e, _ := ctx.Value(exchangeKey{}).(exchange)
	return e
}

// protect puts what holds for every request around the routes: nothing below it
// runs for a foreign Host, a write from another origin or a token that is not
// known, and no panic reaches the client.
func (s *Server) protect(mux *http.ServeMux) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		out := &observed{ResponseWriter: w}
		defer s.recover(out, r)
		header := out.Header()
		header.Set("X-Content-Type-Options", "nosniff")
		header.Set("Cross-Origin-Resource-Policy", "same-origin")
		header.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
		header.Set("Referrer-Policy", "no-referrer")
		header.Set("Cache-Control", "no-store")
		control := http.NewResponseController(w)
		_ = control.SetWriteDeadline(time.Now().Add(writeTimeout))
		if r.ContentLength != 0 {
			_ = control.SetReadDeadline(time.Now().Add(bodyTimeout))
		}
		ctx := context.WithValue(r.Context(), languageKey{}, s.languageOf(r))
		r = r.WithContext(ctx)
		if !s.knownHost(r) {
			s.writeProblem(out, r, problem(CodeHost, r.Host))
			return
		}
		if err := s.guard.Check(r); err != nil {
			s.writeProblem(out, r, problem(CodeCrossOrigin).because(err))
			return
		}
		who, p := s.authenticate(r)
		if p != nil {
			s.writeProblem(out, r, p)
			return
		}
		ctx = context.WithValue(ctx, askerKey{}, who)
		ctx = context.WithValue(ctx, exchangeKey{}, exchange{w: out, r: r})
		s.dispatch(mux, out, r.WithContext(ctx))
	})
}

// dispatch runs the route of the request. Paths and methods that there are not
// get a problem instead of the mux's plain text.
func (s *Server) dispatch(mux *http.ServeMux, w http.ResponseWriter, r *http.Request) {
	handler, pattern := mux.Handler(r)
	if pattern != "" {
		mux.ServeHTTP(w, r)
		return
	}
	var refusal recorder
	handler.ServeHTTP(&refusal, r)
	if refusal.status == http.StatusMethodNotAllowed {
		allowed := refusal.Header().Get("Allow")
		w.Header().Set("Allow", allowed)
		s.writeProblem(w, r, problem(CodeMethod, r.Method, r.URL.Path, allowed))
		return
	}
	s.writeProblem(w, r, problem(CodeNoRoute, r.URL.Path))
}

// knownHost compares the Host header, exactly, with the names by which this
// server is to be called. It is what stops a foreign web page whose name was
// made to point at this machine.
func (s *Server) knownHost(r *http.Request) bool {
	host := strings.ToLower(r.Host)
	if s.hosts[host] {
		return true
	}
	switch local := localAddr(r).(type) {
	case *net.UnixAddr:
		return host == "minga" || host == "localhost"
	case *net.TCPAddr:
		for _, name := range []string{"localhost", "127.0.0.1", "[::1]"} {
			if host == name+":"+strconv.Itoa(local.Port) || local.Port == 80 && host == name {
				return true
			}
		}
	}
	return false
}

func (s *Server) recover(w *observed, r *http.Request) {
	cause := recover()
	if cause == nil {
		return
	}
	if cause == http.ErrAbortHandler {
		panic(cause)
	}
	s.o.Logger.Error("a request failed unexpectedly", "method", r.Method, "path", r.URL.Path,
		"panic", cause, "stack", string(debug.Stack()))
	if w.began {
		panic(http.ErrAbortHandler)
	}
	s.writeProblem(w, r, problem(CodeInternal))
}

// observed notes whether an answer has begun.
type observed struct {
	http.ResponseWriter
	began bool
}

// WriteHeader begins the answer.
func (o *observed) WriteHeader(status int) {
	o.began = true
	o.ResponseWriter.WriteHeader(status)
}

// Write begins the answer, or goes on with it.
func (o *observed) Write(b []byte) (int, error) {
	o.began = true
	return o.ResponseWriter.Write(b)
}

// Unwrap lets http.ResponseController through.
func (o *observed) Unwrap() http.ResponseWriter { return o.ResponseWriter }

// recorder keeps the status and header of an answer and drops the rest.
type recorder struct {
	header http.Header
	status int
}

// Header returns the header of the answer.
func (r *recorder) Header() http.Header {
	if r.header == nil {
		r.header = http.Header{}
	}
	return r.header
}

// Write drops b.
func (r *recorder) Write(b []byte) (int, error) { return len(b), nil }

// WriteHeader keeps the status.
func (r *recorder) WriteHeader(status int) { r.status = status }
