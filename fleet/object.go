package fleet

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/nats-io/nats.go/jetstream"
)

// slowest is the network, in bytes a second, that still carries objects.
const slowest = 1 << 20

// transfer is persist for an object of a size. There is a deadline here, because without
// one nats.go has all of an object travel in the time of a single request.
func transfer(ctx context.Context, size int64, do func(ctx context.Context) error) error {
	limit := tryFor + time.Duration(size/slowest)*time.Second
	return persistFor(ctx, limit, func(ctx context.Context) error {
		ctx, cancel := context.WithTimeout(ctx, limit)
		defer cancel()
		return do(ctx)
	})
}

// put stores data for a run and returns its digest.
func put(ctx context.Context, store jetstream.ObjectStore, run string, data []byte) (sum string, err error) {
	sum = sumOf(data)
	name := objectName(run, sum)
	err = transfer(ctx, int64(len(data)), func(ctx context.Context) error {
		if info, err := store.GetInfo(ctx, name); err == nil && info.Size == uint64(len(data)) {
			return nil // an object is what its name says
		} else if err != nil && !errors.Is(err, jetstream.ErrObjectNotFound) {
			return err
		}
		_, err := store.PutBytes(ctx, name, data)
		return err
	})
	if err != nil {
		return "", fmt.Errorf("store %d bytes: %w", len(data), err)
	}
	return sum, nil
}

// get returns an object of a run, which must have that digest and size, of at most most
// bytes.
func get(ctx context.Context, store jetstream.ObjectStore, run, sum string, size, most int64) ([]byte, error) {
	var data []byte
	err := transfer(ctx, size, patient(sum, func(ctx context.Context) error {
		var b bytes.Buffer
		err := copyTo(ctx, &b, store, run, sum, size, most)
		data = b.Bytes()
		return err
	}))
	return data, err
}

// lagTries is how often an object may be found missing that was said to be there: a server
// that follows another one may have it a moment later.
const lagTries = 6

// patient does something with an object, and refuses one that is not there after some tries.
func patient(sum string, do func(ctx context.Context) error) func(ctx context.Context) error {
	missed := 0
	return func(ctx context.Context) error {
		err := do(ctx)
		if !errors.Is(err, jetstream.ErrObjectNotFound) {
			return err
		}
		if missed++; missed < lagTries {
			return fmt.Errorf("object %s: %w", sum, errLags)
		}
		return refused("object %s is not there", sum)
	}
}

// copyTo writes an object of a run to w once; see get.
func copyTo(ctx context.Context, w io.Writer, store jetstream.ObjectStore, run, sum string, size, most int64) error {
	if size < 1 || size > most {
		return refused("object %s: %d bytes: want at most %d", sum, size, most)
	}
	object, err := store.Get(ctx, objectName(run, sum))
	if err != nil {
		return err
	}
	defer object.Close()
	h := sha256.New()
	n, err := io.Copy(io.MultiWriter(w, h), io.LimitReader(object, size+1))
	switch {
	case errors.Is(err, jetstream.ErrDigestMismatch):
		return refused("object %s: %w", sum, err)
	case err != nil && !passing(err):
		return fmt.Errorf("object %s: %w", sum, err)
	case err != nil:
		return err
	case n != size:
		return refused("object %s: it has not the %d bytes that it was said to have", sum, size)
	case hex.EncodeToString(h.Sum(nil)) != sum:
		return refused("object %s: its digest is another", sum)
	}
	return nil
}
