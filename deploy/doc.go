// Package deploy has files to deploy zstdshop with, and the tests that read them.
package deploy
