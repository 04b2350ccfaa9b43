# Two commands set everything up: `make demo` and `make test`.

.PHONY: demo test bench lint build packages fuzz sanitize clean release install deb screenshot

# The libraries magpie stands on, as pkg-config and as Debian and Ubuntu name them.
LIBRARIES = libcurl:libcurl4-openssl-dev libxml-2.0:libxml2-dev libpcre2-8:libpcre2-dev \
	sqlite3:libsqlite3-dev libcrypto:libssl-dev zlib:zlib1g-dev
# The allocator of release builds, which has no pkg-config file everywhere.
ALLOCATOR = /usr/include/mimalloc.h:libmimalloc-dev
# Programs that the tests and the documents use.
PROGRAMS = sqlite3:sqlite3 strace:strace

demo: build
	.build/debug/magpie demo

# A few tests at once: many of them run processes and servers of their own.
test: packages
	SWT_EXPERIMENTAL_MAXIMUM_PARALLELIZATION_WIDTH=4 swift test

# One program that brings the Swift runtime along: it starts sooner and takes less memory.
RELEASE = swift build -c release --static-swift-stdlib

# A short form of all benchmarks; Benchmarks/README.md has the long ones. PYTHON is one that has Scrapy
# and the others, if you want to see them beside magpie.
PYTHON = python3
bench: packages
	python3 Benchmarks/crawl/bench.py small --python $(PYTHON)
	$(RELEASE) --product store-bench
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
	pair=$(ALLOCATOR); [ "$$(uname)" != Linux ] || [ -e $${pair%%:*} ] || missing="$$missing $${pair##*:}"; \
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

# A release binary, its manual and completions in .build/install.
OUT = .build/install
release: packages
	$(RELEASE) --product magpie
	swift build --product generate-manual
	rm -rf $(OUT) && mkdir -p $(OUT)/man
	strip -o $(OUT)/magpie .build/release/magpie
	.build/debug/generate-manual $(OUT)/magpie --multi-page --section 1 \
	    --date $$(git log -1 --format=%cs) --output-directory $(OUT)/man
	sed -i 's/^\.Xr magpie\./.Xr magpie-/; s/^\.Dt MAGPIE\./.Dt MAGPIE-/' $(OUT)/man/*
	cd $(OUT)/man && for page in magpie.*.1; do mv $$page magpie-$${page#magpie.}; done
	for shell in bash zsh fish; do \
	    $(OUT)/magpie --generate-completion-script $$shell > $(OUT)/completion.$$shell || exit 1; done

# Builds nothing if it is built, so that root need not: make release && sudo make install
PREFIX ?= /usr/local
SHARE = $(DESTDIR)$(PREFIX)/share
install:
	[ -x $(OUT)/magpie ] || $(MAKE) release
	install -D -m 755 $(OUT)/magpie $(DESTDIR)$(PREFIX)/bin/magpie
	install -d $(SHARE)/man/man1 && install -m 644 $(OUT)/man/* $(SHARE)/man/man1
	install -D -m 644 $(OUT)/completion.bash $(SHARE)/bash-completion/completions/magpie
	install -D -m 644 $(OUT)/completion.zsh $(SHARE)/zsh/site-functions/_magpie
	install -D -m 644 $(OUT)/completion.fish $(SHARE)/fish/vendor_completions.d/magpie.fish
	install -D -m 644 LICENSE $(SHARE)/doc/magpie/copyright
	install -m 644 README.md docs/COMMANDS.md docs/RECIPES.md docs/RETRIES.md docs/SQL.md docs/STATES.md \
	    $(SHARE)/doc/magpie

# A package for the Debian or Ubuntu that it is built on, which names the libraries it needs.
DEB = .build/deb
deb: release
	rm -rf $(DEB) && mkdir -p $(DEB)/root/DEBIAN $(DEB)/debian
	$(MAKE) install PREFIX=/usr DESTDIR=$(DEB)/root
	gzip -9n $(DEB)/root/usr/share/man/man1/*
	echo 'Source: magpie' > $(DEB)/debian/control
	cd $(DEB) && dpkg-shlibdeps -Tdepends root/usr/bin/magpie
	cd $(DEB) && { \
	    echo "Package: magpie"; echo "Version: $$(root/usr/bin/magpie --version)"; \
	    echo "Architecture: $$(dpkg --print-architecture)"; \
	    echo "Maintainer: $$(git log -1 --format='%an <%ae>')"; \
	    echo "Section: web"; echo "Priority: optional"; \
	    echo "Installed-Size: $$(du -sk root | cut -f1)"; \
	    sed 's/shlibs:Depends=/Depends: ca-certificates, /' depends; \
	    echo "Recommends: sqlite3"; echo "Suggests: libgd3"; \
	    echo "Description: resumable crawler of picture galleries"; \
	    echo " Reads the listing pages of a gallery site, saves the pictures under names made from"; \
	    echo " their captions, and keeps every task, attempt and result in one SQLite file."; \
	    } > root/DEBIAN/control
	dpkg-deb --root-owner-group --build $(DEB)/root .build/magpie_$$($(OUT)/magpie --version).deb

# The pictures of the display in docs, each from a demo on a terminal of that width.
screenshot: build
	python3 docs/screenshot.py .build/debug/magpie 60 80 200

clean:
	rm -rf .build .build-*
