# Two commands set everything up: `make demo` and `make test`.

.PHONY: demo test bench lint build packages fuzz sanitize clean

# The libraries magpie stands on, as pkg-config and as Debian and Ubuntu name them.
LIBRARIES = libcurl:libcurl4-openssl-dev libxml-2.0:libxml2-dev libpcre2-8:libpcre2-dev \
	sqlite3:libsqlite3-dev libcrypto:libssl-dev zlib:zlib1g-dev
# Programs that the tests and the documents use.
PROGRAMS = sqlite3:sqlite3 strace:strace

demo: build
	.build/debug/magpie demo

# A few tests at once: many of them run processes and servers of their own.
test: packages
	SWT_EXPERIMENTAL_MAXIMUM_PARALLELIZATION_WIDTH=4 swift test

# A short form of all benchmarks; Benchmarks/README.md has the long ones. PYTHON is one that has Scrapy
# and the others, if you want to see them beside magpie.
PYTHON = python3
bench: packages
	python3 Benchmarks/crawl/bench.py small --python $(PYTHON)
	swift build -c release --product store-bench
	.build/release/store-bench 10000 100000
	python3 Benchmarks/extraction/compare.py $(PYTHON)

lint:
	swift format lint --strict --recursive Sources Tests Package.swift

build: packages
	swift build --product magpie

# Installs what is missing, and nothing if nothing is; only then it needs to be root.
packages:
	@command -v swift >/dev/null || { \
	    echo "swift is missing: install a Swift toolchain, 6.2 or newer, from swift.org" >&2; exit 1; }
	@missing=; \
	command -v pkg-config >/dev/null || missing=pkg-config; \
	for pair in $(LIBRARIES); do \
	    pkg-config --exists $${pair%%:*} 2>/dev/null || missing="$$missing $${pair##*:}"; done; \
	for pair in $(PROGRAMS); do \
	    command -v $${pair%%:*} >/dev/null || missing="$$missing $${pair##*:}"; done; \
	[ -n "$$missing" ] || exit 0; \
	command -v apt-get >/dev/null || { echo "install first:$$missing" >&2; exit 1; }; \
	root=; [ "$$(id -u)" = 0 ] || root=sudo; \
	echo "installing$$missing"; \
	$$root apt-get update -qq && \
	DEBIAN_FRONTEND=noninteractive $$root apt-get install -y -qq --no-install-recommends $$missing

# Looks for inputs that break the readers of what others write; found ones are kept in .build-fuzz/found.
FUZZ_SECONDS ?= 600
fuzz: packages
	swift build -c release --product magpie-fuzz --sanitize fuzzer --sanitize address \
	    -Xswiftc -DFUZZING --scratch-path .build-fuzz
	for target in recipe selector name address page; do \
	    mkdir -p .build-fuzz/corpus/$$target .build-fuzz/found; \
	    FUZZ_TARGET=$$target .build-fuzz/release/magpie-fuzz -max_total_time=$(FUZZ_SECONDS) \
	        -max_len=4096 -timeout=30 -artifact_prefix=.build-fuzz/found/$$target- \
	        .build-fuzz/corpus/$$target Tests/FuzzTests/Corpus/$$target || exit 1; \
	done

# Pools under the thread sanitizer, and what reads foreign bytes under the address sanitizer.
sanitize: packages
	swift test --sanitize=thread --filter PoolsTests --scratch-path .build-tsan
	swift test --sanitize=address --filter 'ExtractionTests|CrawlModelTests|FuzzTests' \
	    --scratch-path .build-asan

clean:
	rm -rf .build .build-*
