import Testing

@testable import Extraction

/// Each selector finds what the XPath beside it finds, in the same order, and that is something.
struct SelectorTests {
    private func expectTwins(_ twin: Twin, on page: TestPage) throws {
        let expected = try page.found(xpath: twin.xpath)
        #expect(!expected.isEmpty, "the XPath finds nothing, so it proves nothing")
        #expect(try page.found(css: twin.css) == expected)
    }

    @Test(arguments: [
        Twin("*", "//*"), Twin("a", "//a"), Twin("IMG", "//img"), Twin("my-tag, a", "//a"),
        Twin("*|a", "//a"), Twin("|a", "//a"), Twin("*|*", "//*"), Twin(" a ", "//a"),
        Twin("a,img", "//a | //img"), Twin("img , a", "//img | //a"), Twin("a,a", "//a"),
        Twin("li,ul,h1", "//h1 | //ul | //li"), Twin("/* all */ a", "//a"),
        Twin("a/* end */", "//a"), Twin("a/**/.new", "//a[@id = 'a2']"),
        Twin("#list", "//*[@id = 'list']"), Twin("ul#list", "//ul[@id = 'list']"),
        Twin("*#l3", "//*[@id = 'l3']"), Twin("#l1, #l9", "//li[1] | //li[9]"),
        Twin(".thumb", "//*[@id = 'a1' or @id = 'a2' or @id = 'a5']"),
        Twin("a.col", "//a[@id = 'a1' or @id = 'a2' or @id = 'a5']"),
        Twin("a.col.thumb.new", "//a[@id = 'a2']"), Twin(".Thumb", "//a[@name]"),
        Twin(".thumbnail", "//a[@id = 'a3']"), Twin("*.new", "//*[contains(@class, 'new')]"),
        Twin("li.new.old", "//li[@class = 'new old']"), Twin("li.old.new#l5", "//li[5]"),
    ])
    func `elements, ids and classes`(twin: Twin) throws {
        try expectTwins(twin, on: .listing)
    }

    @Test(arguments: [
        Twin("[href]", "//*[@href]"), Twin("a[ href ]", "//a[@href]"), Twin("[HREF]", "//*[@href]"),
        Twin("a[name]", "//a[@name]"), Twin("[*|href]", "//*[@href]"), Twin("[|alt]", "//*[@alt]"),
        Twin("[alt='One cat']", "//img[1][@alt = 'One cat']"),
        Twin("[alt=\"\"]", "//img[@alt = '']"),
        Twin("[alt=\"It's a dog\"]", "//img[@alt = \"It's a dog\"]"),
        Twin("[rel=nofollow]", "//*[@rel = 'nofollow']"), Twin("[rel = nofollow ]", "//*[@rel]"),
        Twin("[data-kind~=dogs]", "//*[@id = 'main']"),
        Twin("[class~='thumb']", "//a[@id = 'a1' or @id = 'a2' or @id = 'a5']"),
        Twin("[lang|=en]", "//*[@lang = 'en' or starts-with(@lang, 'en-')]"),
        Twin("a[lang|='en']", "//a[@lang]"), Twin("[src^='/t/']", "//img"),
        Twin("[href^=https]", "//a[starts-with(@href, 'https')]"),
        Twin("[src$='.png']", "//img[contains(@src, '.png')]"),
        Twin("[href$=html]", "//a[contains(@href, '.html')]"),
        Twin("[src$='p']", "//img[@id = 'i5']"),
        Twin("[src*='/5.']", "//img[@id = 'i5']"), Twin("[class*=humb]", "//a"),
        Twin("[data-original$='.jpg' i]", "//img[contains(@data-original, 'JPG')]"),
        Twin("[src$='gif'i]", "//img[@id = 'i3']"), Twin("[rel=NOFOLLOW i]", "//*[@rel]"),
        Twin("[class~=THUMB I]", "//a[@id != 'a3']"), Twin("[lang|=EN i]", "//*[@lang]"),
        Twin("[alt*='CAT' i]", "//img[contains(@alt, 'cat')]"), Twin("[src^='/T' i]", "//img"),
        Twin("[alt='' i]", "//img[@alt = '']"), Twin("[rel=nofollow s]", "//*[@rel]"),
        Twin("a[rel!=nofollow]", "//a[not(@rel)]"), Twin("img[alt!='']", "//img[not(@alt = '')]"),
        Twin("a[rel!=NOFOLLOW i]", "//a[not(@rel)]"),
        Twin("a[href][class~=new]", "//a[@id = 'a2']"),
        Twin("a[href^='/p']:not([rel])", "//a[@id = 'a2']"), Twin("a[href='']", "//a[@id = 'a5']"),
        Twin("img[src][alt]", "//img[@alt]"), Twin("li[class='new old']", "//li[5]"),
    ])
    func `attributes`(twin: Twin) throws {
        try expectTwins(twin, on: .listing)
    }

    @Test(
        arguments: [
            Twin("body a", "//body//a"), Twin("div img", "//div//img"),
            Twin("div  \n a", "//div//a"),
            Twin("div > a", "//div/a"), Twin("div>a", "//div/a"), Twin("a > img", "//a/img"),
            Twin("body > div > div", "//body/div/div"), Twin("div div", "//div//div"),
            Twin("div div div", "//div[@id = 'core']"), Twin("div p", "//div//p"),
            Twin("html body div#main a.thumb img", "//div[@id = 'main']/a[@id != 'a3']//img"),
            Twin("h2 + p", "//h2/following-sibling::*[1][self::p]"),
            Twin("h2+p+p", "//p[@id = 'm3']"), Twin("p + h2", "//h2[@id = 'm4']"),
            Twin("h2 ~ p", "//h2/following-sibling::p"), Twin("h2~h2", "//h2[position() > 1]"),
            Twin("p ~ span", "//span[@id = 'm6']"), Twin("h2 ~ p + span", "//span[@id = 'm6']"),
            Twin("li + li", "//li[position() > 1]"), Twin("li.new ~ li", "//li[position() > 2]"),
            Twin("li.new + .new", "//li[5]"), Twin("h1 + div > a + a", "//a[position() > 1]"),
            Twin("ul li, ol li", "//li"), Twin("a + a img", "//a[position() > 1]//img"),
            Twin("> body", "/html/body"), Twin("> body > ul", "/html/body/ul"),
            Twin(":scope > body", "/html/body"), Twin(":scope li", "//li"),
            Twin(".gallery .new b", "//b[@id = 'b2']"), Twin("* > * > h1", "//h1"),
            Twin("div *", "//div//*"), Twin("div > *", "//div/*"),
            Twin("a *:not(b)", "//a//*[not(self::b)]"),
        ]
    )
    func `combinators`(twin: Twin) throws {
        try expectTwins(twin, on: .listing)
    }

    @Test(arguments: [
        Twin("li:first-child", "//li[1]"), Twin("li:last-child", "//li[9]"),
        Twin(":root", "/html"), Twin("html:first-child", "/html"),
        Twin("p:only-child", "//p[@id = 'deep' or @id = 'only']"),
        Twin("p:first-of-type", "//p[1]"), Twin("h2:last-of-type", "//h2[3]"),
        Twin("span:only-of-type", "//span"), Twin("h2:first-child", "//h2[1]"),
        Twin("li:nth-child(3)", "//li[3]"), Twin("li:nth-child( 3 )", "//li[3]"),
        Twin("li:nth-child(odd)", "//li[position() mod 2 = 1]"),
        Twin("li:NTH-CHILD(EVEN)", "//li[position() mod 2 = 0]"),
        Twin("li:nth-child(2n+1)", "//li[position() mod 2 = 1]"),
        Twin("li:nth-child(2n)", "//li[position() mod 2 = 0]"),
        Twin("li:nth-child(2N + 1)", "//li[position() mod 2 = 1]"),
        Twin("li:nth-child(3n-1)", "//li[position() mod 3 = 2]"),
        Twin("li:nth-child(3n - 1)", "//li[position() mod 3 = 2]"), Twin("li:nth-child(n)", "//li"),
        Twin("li:nth-child(+n)", "//li"), Twin("li:nth-child(n+4)", "//li[position() >= 4]"),
        Twin("li:nth-child(n- 2)", "//li"), Twin("li:nth-child(-n+3)", "//li[position() <= 3]"),
        Twin("li:nth-child(-n + 3)", "//li[position() <= 3]"),
        Twin("li:nth-child(-2n+5)", "//li[1] | //li[3] | //li[5]"),
        Twin("li:nth-child(-3n+8)", "//li[2] | //li[5] | //li[8]"),
        Twin("li:nth-child(0n+2)", "//li[2]"),
        Twin("li:nth-child(+3)", "//li[3]"), Twin("li:nth-child(5n)", "//li[5]"),
        Twin("li:nth-child(4n+8)", "//li[8]"),
        Twin("li:nth-child(n+2):nth-child(-n+4)", "//li[position() >= 2 and position() <= 4]"),
        Twin("li:nth-last-child(1)", "//li[last()]"),
        Twin("li:nth-last-child(2n)", "//li[(last() - position()) mod 2 = 1]"),
        Twin("li:nth-last-child(-n+2)", "//li[position() > last() - 2]"),
        Twin("h2:nth-of-type(2)", "//h2[2]"),
        Twin("p:nth-of-type(odd)", "//p[position() mod 2 = 1]"),
        Twin("p:nth-last-of-type(1)", "//p[last()]"),
        Twin("h2:nth-last-of-type(n+2)", "//h2[position() <= last() - 1]"),
        Twin("li:nth-child(1 of .new)", "//li[2]"),
        Twin("li:nth-child(2n of .new)", "//li[4] | //li[7]"),
        Twin("li:nth-child(even of li.new, .old)", "//li[4] | //li[7]"),
        Twin("li:nth-last-child(1 of .new)", "//li[7]"),
        Twin(":nth-child(2 of a)", "//a[2]"), Twin("#mixed > :nth-child(4)", "//h2[2]"),
        Twin("#mixed :nth-child(3)", "//p[@id = 'm3']"),
        Twin("#mixed p:nth-child(2)", "//p[@id = 'm2']"),
        Twin(":empty:not(img)", "//b[@id = 'b4'] | //div[@id = 'none' or @id = 'note']"),
        Twin("div:empty", "//div[not(node()[not(self::comment())])]"),
    ])
    func `places among siblings`(twin: Twin) throws {
        try expectTwins(twin, on: .listing)
    }

    @Test(arguments: [
        Twin("a:not(.thumb)", "//a[@id = 'a3' or @id = 'a4']"),
        Twin("a:not([href])", "//a[not(@href)]"),
        Twin("a:not(.thumb, .thumbnail)", "//a[@id = 'a4']"),
        Twin("a:not( .col , [name] )", "//a[@id = 'a3']"),
        Twin("li:not(:first-child)", "//li[position() > 1]"),
        Twin("li:not(.new):not(:last-child)", "//li[not(@class) and position() < 9]"),
        Twin("img:not(a > img)", "//img[not(parent::a)]"),
        Twin("p:not(#mixed p)", "//p[not(ancestor::div[@id = 'mixed'])]"),
        Twin("a:not(:not(.col))", "//a[@id = 'a1' or @id = 'a2' or @id = 'a5']"),
        Twin(":not(*):not(x), h1", "//h1"),
        Twin(":is(h1, h2)", "//h1 | //h2"), Twin(":where(h2,h1)", "//h1 | //h2"),
        Twin(":matches(ul)", "//ul"),
        Twin("a:is(.new, .thumbnail)", "//a[2] | //a[3]"),
        Twin(":is(a, li).new", "//a[2] | //li[contains(@class, 'new')]"),
        Twin(":is(div > a, ul > li):first-child", "//a[1] | //li[1]"),
        Twin("#mixed :is(p, span):not(:is(#m2, #m6))", "//p[@id = 'm3' or @id = 'm5']"),
        Twin(":is(#main, #mixed) > :is(a, p) > :is(img, em)", "//a/img | //p/em"),
        Twin("a:has(img)", "//a[.//img]"), Twin("a:has(> img)", "//a[img]"),
        Twin("a:not(:has(> img))", "//a[not(img)]"),
        Twin("a:has(b i)", "//a[b//i]"),
        Twin("h2:has(+ p)", "//h2[following-sibling::*[1][self::p]]"),
        Twin("h2:has(~ span)", "//h2[following-sibling::span]"),
        Twin("p:has(+ h2, > em)", "//p[@id = 'm3']"),
        Twin("div:has(> a.new)", "//div[@id = 'main']"), Twin("ul:has(li:nth-child(9))", "//ul"),
        Twin("div:has(div)", "//div[.//div]"),
        Twin("div:has(> div > p)", "//div[@id = 'inner']"), Twin("a:has(img):has(i)", "//a[3]"),
        Twin("a:has(img[alt=''], i)", "//a[2] | //a[3]"),
        Twin("a:has( > b:empty )", "//a[4]"), Twin("li:has(+ li.new + li.new)", "//li[3]"),
        Twin("h2:has(+ p ~ span)", "//h2[@id = 'm1' or @id = 'm4']"),
        Twin("a:contains('dog')", "//a[contains(., 'dog')]"),
        Twin("b:contains(cat)", "//b[contains(., 'cat')]"),
        Twin("b:contains('\"cat\"')", "//b[contains(., '\"cat\"')]"),
        Twin("li:contains('e'):contains('v')", "//li[. = 'five' or . = 'seven']"),
        Twin("p:contains(\"c\"), span:contains( e )", "//p[em] | //span[@id = 'm6']"),
    ])
    func `selectors inside selectors`(twin: Twin) throws {
        try expectTwins(twin, on: .listing)
    }

    @Test(arguments: [
        Twin("b::text", "//b/text()"), Twin("b ::text", "//b//*/text()"),
        Twin("#b3::text", "//b[@id = 'b3']/text()"),
        Twin("a::attr(href)", "//a/@href"), Twin("img::attr( SRC )", "//img/@src"),
        Twin("a > img::attr(data-original)", "//a/img/@data-original"),
        Twin("::attr(rel)", "//@rel"), Twin("*::attr(lang)", "//@lang"),
        Twin("h1::text, h2::text", "//h1/text() | //h2/text()"),
        Twin("img::attr(src), a::attr(href)", "//img/@src | //a/@href"),
        Twin("b::text, a::attr(href)", "//b/text() | //a/@href"),
        Twin("a:not([rel])::attr(class)", "//a[not(@rel)]/@class"), Twin("h1::TEXT", "//h1/text()"),
        Twin("h1::text /* end */", "//h1/text()"),
        Twin("li:nth-child(-n+2)::text", "//li[position() < 3]/text()"),
        Twin("div#note::text, #blank::text", "//div[@id = 'blank']/text()"),
    ])
    func `texts and attributes`(twin: Twin) throws {
        try expectTwins(twin, on: .listing)
    }

    @Test(arguments: [
        Twin(":checked", "//*[@id = 'box1' or @id = 'box2' or @id = 'o1']"),
        Twin("input:checked", "//input[@id = 'box1' or @id = 'box2']"),
        Twin("input:disabled", "//input[@id = 'off' or @id = 'c2' or @id = 'c3' or @id = 'c4']"),
        Twin("option:disabled", "//option[@id = 'o3']"), Twin("fieldset:disabled", "//fieldset"),
        Twin("textarea:disabled", "//textarea"),
        Twin("input:enabled", "//input[not(@disabled)][not(ancestor::fieldset) or @id = 'c1']"),
        Twin("option:enabled", "//option[not(parent::optgroup)]"),
        Twin("button:enabled", "//button"), Twin("optgroup:disabled", "//optgroup"),
        Twin(":link", "//*[@href]"), Twin("a:any-link", "//a[@href]"),
        Twin("a:not(:link)", "//a[not(@href)]"), Twin("p:lang(zh)", "//p[not(@lang)]"),
        Twin(":lang(en)", "//*[@id = 'en' or @id = 'eni']"),
        Twin("p:lang('en', de)", "//p[@id = 'en' or @id = 'de']"),
        Twin("p:lang(zh-hant)", "//p[@id = 'zh']"), Twin("p:lang(EN-GB)", "//p[@id = 'en']"),
        Twin("a:not(:hover):not(:visited)", "//a"),
        Twin("input[type=radio i]", "//input[@id = 'box2']"),
    ])
    func `states and languages`(twin: Twin) throws {
        try expectTwins(twin, on: .forms)
    }

    @Test(arguments: [
        Twin("#a\\.b", "//p[1]"), Twin(".x\\:y", "//p[1]"), Twin("#c\\#d", "//p[2]"),
        Twin(".\\31 st", "//p[2]"), Twin(".\\000031st", "//p[2]"),
        Twin("[class~='1st']", "//p[2]"), Twin("[title='both \" and \\'']", "//p[3]"),
        Twin("[title*=\"\\\"\"]", "//p[3]"),
        Twin("[title='back\\\\slash']", "//p[4]"), Twin("[title='[a=b]']", "//p[5]"),
        Twin("#图", "//p[6]"), Twin(".照片", "//p[6]"),
        Twin("#\\56fe", "//p[6]"), Twin(".-dash", "//p[7]"), Twin(".--two", "//p[7]"),
        Twin("[data-x\\.y]", "//p[8]"), Twin("[data-x\\.y=dot]", "//p[8]"),
        Twin("[title='a\\20 b']", "//p[8]"), Twin("[title='a\\\n b']", "//p[8]"),
        Twin("my-tag", "//*[@id = 'w']"),
        Twin("[title$='ÄÖ']", "//*[@id = 'w']"), Twin("[title^='STRA' i]", "//*[@id = 'w']"),
        Twin("[title$=Öi], [title$='Ö'i]", "//*[@id = 'w']"),
        Twin("[title*='\\a']", "//p[@id = 'x']"),
        Twin("[xlink\\:href]", "//*[@id = 'z']"), Twin("[title='']", "//*[@id = 'z']"),
        Twin("p::attr(xlink\\:href)", "//*[@id = 'z']/@*[name() = 'xlink:href']"),
    ])
    func `names and values with signs`(twin: Twin) throws {
        try expectTwins(twin, on: .signs)
    }

    @Test(
        arguments: [
            "x", "div > img", "a.colthumb", ".thum", "[data-kind~=cat]", "[data-kind~='cats dogs']",
            "[data-kind~='']", "[alt^='']", "[alt$='']",
            "[alt*='']", "[lang|=e]", "li:nth-child(0)", "li:nth-child(10)", "li:nth-child(-n)",
            "li:nth-child(-1)", "li:nth-child(-2n-1)",
            "li:nth-child(0n)", "a:hover", "a:visited", ":target", "ul > ul", "li + ul", "a:not(*)",
            "a:not(a)", ":is(a):is(img)", ":has(html)",
            "body:has(> img)", ":root:empty", "p:lang(en-US)", "[rel=NOFOLLOW]", "div#list",
            "> div", "+ body", "~ body", "a::attr(missing)", "img::text",
        ]
    )
    func `selectors that are true of nothing`(css: String) throws {
        #expect(try TestPage.listing.found(css: css) == [])
    }
}
