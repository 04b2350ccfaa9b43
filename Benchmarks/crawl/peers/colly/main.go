// A crawl by colly: 3 requests for pages and 30 for pictures at once, and no state kept on disk.
//
// Called with the base, the number of pages and the folder for pictures.
package main

import (
	"crypto/sha1"
	"fmt"
	"log"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/gocolly/colly/v2"
)

// collector returns a collector of its own, since clones share their limits.
func collector(parallelism int) *colly.Collector {
	c := colly.NewCollector(colly.Async(true), colly.MaxBodySize(0))
	// Go keeps two idle connections for a host unless it is told otherwise.
	c.WithTransport(&http.Transport{MaxIdleConnsPerHost: parallelism})
	if err := c.Limit(&colly.LimitRule{DomainGlob: "*", Parallelism: parallelism}); err != nil {
		log.Fatal(err)
	}
	c.OnError(func(r *colly.Response, err error) { log.Println(r.Request.URL, err) })
	return c
}

func fileName(caption, address string) string {
	safe := []rune(strings.Map(func(r rune) rune {
		if r < ' ' || r == '/' || r == '\\' {
			return '_'
		}
		return r
	}, caption))
	if len(safe) > 60 {
		safe = safe[:60]
	}
	return fmt.Sprintf("%s %.4x%s", string(safe), sha1.Sum([]byte(address)), filepath.Ext(address))
}

func main() {
	base, folder := os.Args[1], os.Args[3]
	count, err := strconv.Atoi(os.Args[2])
	if err != nil {
		log.Fatal(err)
	}
	pages, pictures := collector(3), collector(30)
	pages.OnHTML("a.col-xs-6.col-sm-3", func(e *colly.HTMLElement) {
		address := e.ChildAttr("img", "data-original")
		context := colly.NewContext()
		context.Put("path", filepath.Join(folder, fileName(e.ChildText("p"), address)))
		pictures.Request("GET", address, nil, context, nil)
	})
	pictures.OnResponse(func(r *colly.Response) {
		if err := os.WriteFile(r.Ctx.Get("path"), r.Body, 0o644); err != nil {
			log.Println(err)
		}
	})
	for page := 1; page <= count; page++ {
		pages.Visit(fmt.Sprintf("%s/photo/list/?page=%d", base, page))
	}
	pages.Wait()
	pictures.Wait()
}
