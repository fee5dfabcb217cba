package cli

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"zstdshop/harness"
	"zstdshop/harness/plan"
	"zstdshop/scenarios/corpus"
)

func (a *app) dict() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "dict",
		Short: "train a dictionary for small records, or show what one is",
		Long: `A dictionary is bytes that both sides have, which the frames of small records refer
to. train makes one out of records; show says what one is and which codecs take it.
How much one gains on your records says zstdshop bench --dict none,train.

Exit status: 0 done; 2 wrong usage or the tool itself failed; 130 interrupted.`,
		Example: "  zstdshop dict train --records lines -o logs.dict access.log\n  zstdshop dict show logs.dict",
		Args:    knownCommand,
		RunE:    func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(a.dictTrain(), a.dictShow())
	return cmd
}

func (a *app) dictTrain() *cobra.Command {
	codec, size, records, out := trainer(a.reg), 16<<10, corpus.Records{}, ""
	cmd := &cobra.Command{
		Use:   "train [flags] CORPUS",
		Short: "make a dictionary out of records",
		Long: `Makes a dictionary out of the records of a corpus: a file, a folder, a .zip, an
embedded corpus, or - for standard input. Of much data it takes a hundred times the
size of the dictionary, spread over all of it. Dictionaries of the zstd codecs are
those of zstd --train: zstd -D reads and takes them.

Exit status: 0 done; 2 wrong usage or the tool itself failed; 130 interrupted.`,
		Example: `  zstdshop dict train --records lines -o logs.dict access.log
  zstdshop dict train --size 4KiB -o records.dict ./dumps
  cat access.log | zstdshop dict train --records lines - > logs.dict`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 1 {
				return fmt.Errorf("%d corpora: name one, such as access.log, a folder, or - for standard input", len(args))
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			if out == "-" {
				out = ""
			}
			if out == "" && isTerminal(a.stdout) {
				return errors.New("a dictionary is no text for a terminal: name a file with -o, or redirect standard output")
			}
			if err := writable(out); err != nil {
				return fmt.Errorf("--out %q: %w", out, err)
			}
			data, err := corpus.Load(cmd.Context(), args[0], a.stdin)
			if err != nil {
				return err
			}
			if data, err = records.Of(data); err != nil {
				return err
			}
			content, said, err := train(a.reg, codec, data, size)
			if err != nil {
				return err
			}
			if out == "" {
				_, err = a.stdout.Write(content)
			} else if err = writeFile(out, content); err != nil {
				err = fmt.Errorf("--out %q: %w", out, err)
			}
			if err != nil {
				return fmt.Errorf("write dictionary: %w", err)
			}
			fmt.Fprintf(a.stderr, "zstdshop: %s\n", said)
			return nil
		},
	}
	choice(cmd, &codec, "codec", "codec with dictionaries", "name", "whose trainer and format", plan.DictCodecs(a.reg)...)
	cmd.Flags().Var(&setting[int]{&size, "size", "16KiB", plan.DictSize}, "size", "most bytes of the dictionary")
	suggest(cmd, "size", "4KiB", "16KiB", "64KiB", "112640")
	cmd.Flags().Var(&setting[corpus.Records]{&records, "name", records.String(), corpus.ParseRecords}, "records", plan.AxisOf("records").Help)
	completeAxis(cmd, plan.AxisOf("records"), a.reg)
	cmd.Flags().StringVarP(&out, "out", "o", "", "`file` to write; - or none is standard output")
	return cmd
}

// train has a codec's library make a dictionary, and says of what and how long it took.
func train(reg *harness.Registry, name string, data *corpus.Corpus, size int) (content []byte, said string, err error) {
	codec, err := reg.DictCodec(name)
	if err != nil {
		return nil, "", err
	}
	samples := corpus.Samples(data.Members, size)
	begin := time.Now()
	content, err = codec.Train(samples, size)
	took := time.Since(begin)
	if err != nil {
		return nil, "", fmt.Errorf("%s (%w)", data.TooLittle(), err)
	}
	id, err := codec.DictID(content)
	if err != nil {
		return nil, "", err
	}
	said = fmt.Sprintf("%d bytes by %s in %v, from %d of %d records", len(content), codec.Dicts().Trainer, took.Round(time.Millisecond), len(samples), len(data.Members))
	if id != 0 {
		said += fmt.Sprintf("; frames name it %d", id)
	}
	return content, said, nil
}

// trainer is the codec whose trainer is used unless another is named: the first that
// makes the same of the same records each time, else the first.
func trainer(reg *harness.Registry) string {
	names := plan.DictCodecs(reg)
	for _, name := range names {
		if codec, err := reg.DictCodec(name); err == nil && !codec.Dicts().Varies {
			return name
		}
	}
	return strings.Join(names[:min(1, len(names))], "")
}

func (a *app) dictShow() *cobra.Command {
	return &cobra.Command{
		Use:   "show FILE...",
		Short: "show what a dictionary is and which codecs take it",
		Long: `Shows a line for each file, - for standard input: its size, the number by which
frames name it, the codecs of this build that take it, and its SHA-256.

Exit status: 0 done; 2 wrong usage, or a file that no codec takes.`,
		Example: "  zstdshop dict show logs.dict\n  zstdshop dict train --records lines access.log | zstdshop dict show -",
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 {
				return errors.New("no dictionary: name its file, or - for standard input")
			}
			return nil
		},
		RunE: func(_ *cobra.Command, args []string) error {
			var b bytes.Buffer
			var errs []error
			for _, path := range args {
				if err := a.describeDict(&b, path); err != nil {
					errs = append(errs, fmt.Errorf("%s: %w", path, err))
				}
			}
			_, err := a.stdout.Write(b.Bytes())
			return errors.Join(append(errs, err)...)
		},
	}
}

// describeDict writes the line of a dictionary.
func (a *app) describeDict(b *bytes.Buffer, path string) error {
	content, err := a.dictFile(path)
	if err != nil {
		return err
	}
	takers, id, err := plan.DictTakers(a.reg, content)
	if err != nil {
		return err
	}
	fmt.Fprintf(b, "%s: %d bytes, ", printable(path), len(content))
	if id != 0 {
		fmt.Fprintf(b, "id %d, ", id)
	}
	fmt.Fprintf(b, "for %s, sha256 %x\n", strings.Join(takers, " "), sha256.Sum256(content))
	return nil
}

// dictFile reads a dictionary.
func (a *app) dictFile(path string) ([]byte, error) {
	if path == "-" {
		return plan.ReadDict(a.stdin, plan.MaxDict)
	}
	return plan.DictFile(path, plan.MaxDict)
}
