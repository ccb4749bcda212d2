package api

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"

	"github.com/minga-commons/minga/ledger"
)

// Role says what the holder of a token may do.
type Role string

// The roles. A member signs as the node's own member. An operator runs the node
// and does not sign. The owner is both; the Unix socket counts as the owner.
const (
	RolePublicRead Role = "public-read" // reads what the commons lets anybody read
	RoleMember     Role = "member"      // reads everything, writes as the member
	RoleResearcher Role = "researcher"  // reads everything
	RoleOperator   Role = "operator"    // reads everything, sees and adds peers
	RoleOwner      Role = "owner"       // everything
)

// powers are what a request may do, as a set of bits.
type powers uint

const (
	readPublic powers = 1 << iota
	readAll
	write
	operate
)

func (r Role) powers() (powers, bool) {
	switch r {
	case RolePublicRead:
		return readPublic, true
	case RoleMember:
		return readPublic | readAll | write, true
	case RoleResearcher:
		return readPublic | readAll, true
	case RoleOperator:
		return readPublic | readAll | operate, true
	case RoleOwner:
		return readPublic | readAll | write | operate, true
	}
	return 0, false
}

// tokenSize is the length of a token's secret in bytes: 256 bits.
const tokenSize = 32

// tokenPrefix begins every token, so that one is recognised where it leaked.
const tokenPrefix = "minga_"

// ErrBadToken says that a text is no token of 256 bits.
var ErrBadToken = errors.New("not a token: want " + tokenPrefix + " and 43 characters")

// Token is a bearer token that the server knows, by its digest only.
type Token struct {
	name   string
	role   Role
	digest [sha256.Size]byte
}

// GenerateToken returns a new token of 256 bits from random.
func GenerateToken(random io.Reader) (string, error) {
	secret := make([]byte, tokenSize)
	if _, err := io.ReadFull(random, secret); err != nil {
		return "", err
	}
	return tokenPrefix + base64.RawURLEncoding.EncodeToString(secret), nil
}

// NewToken makes a token known. Names are for logs and keep the idempotency
// keys of different tokens apart. It returns ErrBadToken for a text that
// GenerateToken would not return.
func NewToken(name string, role Role, text string) (Token, error) {
	secret, found := strings.CutPrefix(text, tokenPrefix)
	raw, err := base64.RawURLEncoding.DecodeString(secret)
	if !found || err != nil || len(raw) != tokenSize {
		return Token{}, ErrBadToken
	}
	if _, known := role.powers(); !known {
		return Token{}, fmt.Errorf("unknown role %q", role)
	}
	return Token{name: name, role: role, digest: sha256.Sum256([]byte(text))}, nil
}

// asker is who asks.
type asker struct {
	name   string // of the token; empty for nobody in particular
	powers powers
}

type askerKey struct{}

func askerOf(ctx context.Context) asker {
	a, _ := ctx.Value(askerKey{}).(asker)
	return a
}

// authenticate says who asks. Without a token it is anybody, who may read what
// is public; with a token that is not known it is nobody.
func (s *Server) authenticate(r *http.Request) (asker, *Problem) {
	if _, socket := localAddr(r).(*net.UnixAddr); socket {
		all, _ := RoleOwner.powers()
		return asker{name: string(RoleOwner), powers: all}, nil
	}
	header := r.Header.Get("Authorization")
	if header == "" {
		return asker{powers: readPublic}, nil
	}
	scheme, text, _ := strings.Cut(header, " ")
	if !strings.EqualFold(scheme, "Bearer") {
		return asker{}, problem(CodeUnauthorized)
	}
	digest := sha256.Sum256([]byte(strings.TrimSpace(text)))
	var found *Token
	for i := range s.o.Tokens {
		if subtle.ConstantTimeCompare(digest[:], s.o.Tokens[i].digest[:]) == 1 {
			found = &s.o.Tokens[i]
		}
	}
	if found == nil {
		return asker{}, problem(CodeUnauthorized)
	}
	all, _ := found.role.powers()
	return asker{name: found.name, powers: all}, nil
}

// allow reports whether the asker has the powers, and if not, why not.
func (a asker) allow(need powers) *Problem {
	if a.powers&need == need {
		return nil
	}
	if a.name == "" {
		return problem(CodeUnauthorized)
	}
	return problem(CodeForbidden)
}

// mayRead reports whether the asker may read the commons.
func (a asker) mayRead(c ledger.Commons) bool {
	return a.powers&readAll != 0 || a.powers&readPublic != 0 && c.PublicRead
}

// denied is the answer to somebody who may not read a commons.
func (a asker) denied() *Problem { return a.allow(readAll) }

func localAddr(r *http.Request) net.Addr {
	a, _ := r.Context().Value(http.LocalAddrContextKey).(net.Addr)
	return a
}
