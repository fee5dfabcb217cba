# The shop in a container, from the programs of a release (dockers_v2 in
# .goreleaser.yaml) or one of your own:
#
#   CGO_ENABLED=1 go build -tags netgo,osusergo -ldflags '-linkmode=external -extldflags=-static' -o linux/amd64/zstdshop .
#   docker build --build-arg TARGETPLATFORM=linux/amd64 -t zstdshop .
#   docker run --read-only --tmpfs /tmp --cap-drop ALL --security-opt no-new-privileges -p 8000:8000 zstdshop
#
# It runs as nobody, listens on 8000 and writes nothing outside /tmp.
FROM alpine:3.22

ARG TARGETPLATFORM
COPY --chmod=0755 $TARGETPLATFORM/zstdshop /usr/bin/zstdshop

# Saved runs and what is computed once, for whoever runs bench in it.
ENV XDG_STATE_HOME=/tmp/state XDG_CACHE_HOME=/tmp/cache
USER 65534:65534
WORKDIR /tmp
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=3s --start-period=5s --retries=3 \
	CMD ["wget", "-q", "-O", "/dev/null", "http://127.0.0.1:8000/healthz"]
ENTRYPOINT ["zstdshop"]
CMD ["serve", "--addr", ":8000"]
