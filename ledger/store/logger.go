package store

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
)

// badgerLogger hands what Badger says to a slog.Logger: warnings and errors as
// such, all else at debug level. Badger's errors are warnings here, because it
// tries again; what fails for good comes back as an error of the store.
type badgerLogger struct{ to *slog.Logger }

func (l badgerLogger) Errorf(format string, args ...any)   { l.log(slog.LevelWarn, format, args) }
func (l badgerLogger) Warningf(format string, args ...any) { l.log(slog.LevelWarn, format, args) }
func (l badgerLogger) Infof(format string, args ...any)    { l.log(slog.LevelDebug, format, args) }
func (l badgerLogger) Debugf(format string, args ...any)   { l.log(slog.LevelDebug, format, args) }

func (l badgerLogger) log(level slog.Level, format string, args []any) {
	if l.to == nil || !l.to.Enabled(context.Background(), level) {
		return
	}
	text := strings.TrimSpace(fmt.Sprintf(format, args...))
	l.to.Log(context.Background(), level, text, "from", "badger")
}
