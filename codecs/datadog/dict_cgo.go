//go:build cgo

package datadog

// Declarations of libzstd's stable interface (zstd.h, zdict.h): the library has
// its functions linked and its headers to itself.

/*
#include <stddef.h>

typedef struct ZSTD_CCtx_s ZSTD_CCtx;
typedef struct ZSTD_DCtx_s ZSTD_DCtx;
typedef struct ZSTD_CDict_s ZSTD_CDict;
typedef struct ZSTD_DDict_s ZSTD_DDict;

extern ZSTD_CCtx *ZSTD_createCCtx(void);
extern size_t ZSTD_freeCCtx(ZSTD_CCtx *);
extern ZSTD_DCtx *ZSTD_createDCtx(void);
extern size_t ZSTD_freeDCtx(ZSTD_DCtx *);
extern ZSTD_CDict *ZSTD_createCDict(const void *, size_t, int);
extern size_t ZSTD_freeCDict(ZSTD_CDict *);
extern ZSTD_DDict *ZSTD_createDDict(const void *, size_t);
extern size_t ZSTD_freeDDict(ZSTD_DDict *);
extern size_t ZSTD_compress_usingCDict(ZSTD_CCtx *, void *, size_t, const void *, size_t, const ZSTD_CDict *);
extern size_t ZSTD_decompress_usingDDict(ZSTD_DCtx *, void *, size_t, const void *, size_t, const ZSTD_DDict *);
extern unsigned ZSTD_getDictID_fromFrame(const void *, size_t);
extern unsigned ZSTD_isError(size_t);
extern const char *ZSTD_getErrorName(size_t);
extern int ZSTD_getErrorCode(size_t);
extern size_t ZDICT_trainFromBuffer(void *, size_t, const void *, const size_t *, unsigned);
extern unsigned ZDICT_isError(size_t);
extern const char *ZDICT_getErrorName(size_t);
extern unsigned ZDICT_getDictID(const void *, size_t);
extern size_t ZDICT_getDictHeaderSize(const void *, size_t);
extern size_t ZSTD_findFrameCompressedSize(const void *, size_t);

// decompressFrames leaves the dictionary out for each frame that names none, where
// libzstd looks at none of their headers; not where frames are to name none, since it
// is raw content.
static size_t decompressFrames(ZSTD_DCtx *ctx, char *dst, size_t room, const char *src, size_t size, const ZSTD_DDict *dict, int raw) {
	size_t made = 0;
	while (size > 0) {
		const size_t frame = ZSTD_findFrameCompressedSize(src, size);
		if (ZSTD_isError(frame)) return frame;
		const ZSTD_DDict *own = raw || ZSTD_getDictID_fromFrame(src, frame) ? dict : NULL;
		const size_t n = ZSTD_decompress_usingDDict(ctx, dst ? dst + made : NULL, room - made, src, frame, own);
		if (ZSTD_isError(n)) return n;
		made += n;
		src += frame;
		size -= frame;
	}
	return made;
}
*/
import "C"

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"unsafe"

	"zstdshop/codecs"
)

// Codes of zstd_errors.h, which promises not to change them.
const (
	dictionaryCorrupted = 30
	dictionaryWrong     = 32
	dstSizeTooSmall     = 70
)

// dictContext holds contexts of libzstd and the dictionary, prepared for each
// direction and, for compression, for a level. All are C memory, and nil once it
// is closed.
type dictContext struct {
	cctx  *C.ZSTD_CCtx
	dctx  *C.ZSTD_DCtx
	cdict *C.ZSTD_CDict
	ddict *C.ZSTD_DDict
	raw   C.int // whether the dictionary is raw content
}

func (c codec) NewDictContext(level int, dict codecs.Dict) (codecs.Context, error) {
	if _, err := c.EffectiveLevel(level); err != nil {
		return nil, err
	}
	forEncoder, forDecoder, raw := dict.Content, dict.Content, C.int(0)
	if dict.Raw {
		if len(dict.Content) == 0 {
			return nil, fmt.Errorf("datadog: %w: no content", codecs.ErrDictionary)
		}
		forEncoder, forDecoder = disguised(dict.Content)
		raw = 1
	} else if _, err := dictID(dict.Content); err != nil {
		return nil, err
	}
	d := &dictContext{
		raw:   raw,
		cctx:  C.ZSTD_createCCtx(),
		dctx:  C.ZSTD_createDCtx(),
		cdict: C.ZSTD_createCDict(start(forEncoder), C.size_t(len(forEncoder)), C.int(level)),
		ddict: C.ZSTD_createDDict(start(forDecoder), C.size_t(len(forDecoder))),
	}
	if d.cctx == nil || d.dctx == nil || d.cdict == nil || d.ddict == nil {
		fault := codecs.DamagedZstdDict()
		if dict.Raw {
			fault = codecs.NotDictionary{Why: "libzstd refuses it"}
		}
		return nil, errors.Join(fmt.Errorf("datadog: prepare dictionary of %d bytes at level %d: %w", len(dict.Content), level, fault), d.Close())
	}
	return d, nil
}

// disguised returns content in the two forms that libzstd takes for nothing else.
// What begins as a dictionary of its format it reads as one; to be told otherwise
// (ZSTD_createCDict_advanced) is not of its stable interface. Frames count from the
// end of the content: an encoder does without its first byte, and a decoder has one
// more in front, which no frame refers to.
func disguised(content []byte) (forEncoder, forDecoder []byte) {
	if !bytes.HasPrefix(content, []byte(codecs.ZstdDictMagic)) {
		return content, content
	}
	return content[1:], append([]byte{0}, content...)
}

func (d *dictContext) Compress(dst, src []byte) ([]byte, error) {
	if d.cctx == nil {
		return nil, codecs.ErrClosed
	}
	err := codecs.Room(dst, codec{}.CompressBound(len(src)))
	if err == nil {
		n := C.ZSTD_compress_usingCDict(d.cctx, start(dst), C.size_t(cap(dst)), start(src), C.size_t(len(src)), d.cdict)
		if err = failure(n); err == nil {
			return dst[:n], nil
		}
	}
	return nil, fmt.Errorf("datadog: compress %d bytes: %w", len(src), err)
}

// Decompress leaves a dictionary out for frames that name none, unless it is raw
// content, which no frame names. libzstd would take its offsets and tables for the
// frame's, and return other content without an error; so does the library's
// BulkProcessor.
func (d *dictContext) Decompress(dst, src []byte) ([]byte, error) {
	if d.dctx == nil {
		return nil, codecs.ErrClosed
	}
	if len(src) == 0 { // no frames at all to libzstd
		return nil, fmt.Errorf("datadog: decompress: %w: no frame in empty input", io.ErrUnexpectedEOF)
	}
	n := C.decompressFrames(d.dctx, (*C.char)(start(dst)), C.size_t(cap(dst)), (*C.char)(start(src)), C.size_t(len(src)), d.ddict, d.raw)
	if err := failure(n); err != nil {
		return nil, fmt.Errorf("datadog: decompress %d bytes: %w", len(src), err)
	}
	return dst[:n], nil
}

// Close frees all C memory. libzstd takes nil for nothing to free.
func (d *dictContext) Close() error {
	C.ZSTD_freeCCtx(d.cctx)
	C.ZSTD_freeDCtx(d.dctx)
	C.ZSTD_freeCDict(d.cdict)
	C.ZSTD_freeDDict(d.ddict)
	*d = dictContext{}
	return nil
}

// start is where b begins, its capacity included; nil where it has none.
func start(b []byte) unsafe.Pointer { return unsafe.Pointer(unsafe.SliceData(b)) }

// failure returns nil, or the error that a result of libzstd is.
func failure(result C.size_t) error {
	if C.ZSTD_isError(result) == 0 {
		return nil
	}
	text := C.GoString(C.ZSTD_getErrorName(result))
	switch C.ZSTD_getErrorCode(result) {
	case dstSizeTooSmall:
		return fmt.Errorf("%w: %s", codecs.ErrShortBuffer, text)
	case dictionaryCorrupted, dictionaryWrong:
		return fmt.Errorf("%w: %s", codecs.ErrDictionary, text)
	}
	return errors.New(text)
}

// DictID refuses what is not of the format of zstd --train. libzstd itself takes
// any other bytes as content that frames do not name, and finds an ID in eight bytes.
func (codec) DictID(dict []byte) (uint32, error) {
	id, err := dictID(dict)
	if err == nil && C.ZDICT_isError(C.ZDICT_getDictHeaderSize(start(dict), C.size_t(len(dict)))) != 0 {
		return 0, fmt.Errorf("datadog: %w", codecs.DamagedZstdDict())
	}
	return id, err
}

// dictID is DictID without a look at the tables, which whoever makes a context takes.
func dictID(dict []byte) (uint32, error) {
	if err := codecs.BeginsAsZstdDict(dict); err != nil {
		return 0, fmt.Errorf("datadog: %w", err)
	}
	id := C.ZDICT_getDictID(start(dict), C.size_t(len(dict)))
	if id == 0 {
		return 0, fmt.Errorf("datadog: %w", codecs.DamagedZstdDict())
	}
	return uint32(id), nil
}

// Train is what zstd --train does by default.
func (codec) Train(samples [][]byte, size int) ([]byte, error) {
	var all []byte
	sizes := make([]C.size_t, len(samples))
	for i, sample := range samples {
		all = append(all, sample...)
		sizes[i] = C.size_t(len(sample))
	}
	const least = 256 // ZDICT_DICTSIZE_MIN
	if len(all) == 0 || size < least {
		return nil, fmt.Errorf("datadog: train on %d bytes for %d: %w: too few", len(all), size, codecs.ErrDictionary)
	}
	dict := make([]byte, size)
	n := C.ZDICT_trainFromBuffer(start(dict), C.size_t(size), start(all), unsafe.SliceData(sizes), C.unsigned(len(sizes)))
	if C.ZDICT_isError(n) != 0 {
		return nil, fmt.Errorf("datadog: train on %d samples of %d bytes: %w: %s", len(samples), len(all), codecs.ErrDictionary, C.GoString(C.ZDICT_getErrorName(n)))
	}
	return dict[:n:n], nil
}
