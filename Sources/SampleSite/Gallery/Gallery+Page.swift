extension Gallery {
    /// The number of the listing page at a path; `nil` if there is none.
    func page(at path: String) -> Int? {
        let begin = "/photo/list/?page="
        guard path.hasPrefix(begin), let page = Int(path.dropFirst(begin.count)) else { return nil }
        return page >= 1 && page <= pages && path == self.path(ofPage: page) ? page : nil
    }

    /// The HTML of a listing page, in the markup of the original's site.
    ///
    /// Around the items stands what a real page has: links, other pictures, a sidebar, a script.
    /// Only the items have a `data-original`.
    ///
    /// - Parameters:
    ///   - page: Its number, from 1.
    ///   - address: Where an item's picture is.
    /// - Returns: A whole document in UTF-8.
    package func html(ofPage page: Int, address: (Item) -> String) -> String {
        """
        <!DOCTYPE html>
        <html lang="zh-CN">
        <head>
        <meta charset="utf-8">
        <title>最新表情 - 第\(page)页</title>
        \(headLinks(page))
        </head>
        <body>
        <header class="navbar"><a class="navbar-brand" href="/">\
        <img class="logo" src="/static/logo.png" alt="logo"></a>
        <form action="/search" method="get"><input name="keyword" type="text"></form></header>
        <div class="container"><div class="row"><div class="col-sm-9 center-wrap">
        <div class="page-content text-center">
        \(items(onPage: page).map { itemHTML($0, address($0)) }.joined(separator: "\n"))
        <div class="clearfix"></div></div>
        <ul class="pagination">
        \(pagination(page))
        </ul></div>
        \(Self.sidebar)
        </div></div>
        <script>window.config = {"list": "<a class=col-xs-6>", "page": \(page)};</script>
        <footer><a class="col-xs-6" href="/about"><img src="/static/about.png">关于</a></footer>
        </body>
        </html>

        """
    }

    private func itemHTML(_ item: Item, _ address: String) -> String {
        let caption = Self.escaped(item.caption)
        return """
            <a class="col-xs-6 col-sm-3" href="/photo/\(100_000 + item.index)">\
            <img class="img-responsive lazy" src="/static/loader.gif" \
            data-original="\(Self.escaped(address))" alt="\(caption)">\
            <p style="display: none">\(caption)</p></a>
            """
    }

    private func headLinks(_ page: Int) -> String {
        neighbours(of: page).map { #"<link rel="\#($0)" href="\#(path(ofPage: $1))">"# }
            .joined(separator: "\n")
    }

    private func pagination(_ page: Int) -> String {
        neighbours(of: page).map { relation, other in
            """
            <li><a class="page-link" href="\(path(ofPage: other))" rel="\(relation)">\
            \(other)</a></li>
            """
        }.joined(separator: "\n")
    }

    private func neighbours(of page: Int) -> [(relation: String, page: Int)] {
        [("prev", page - 1), ("next", page + 1)].filter { (1...pages).contains($0.page) }
    }

    /// Pictures that no recipe for this site asks for.
    private static let sidebar =
        """
        <div class="col-sm-3 sidebar"><h4>热门</h4>
        <div class="media"><a href="/article/detail/1"><img class="media-object" \
        src="/static/hot1.png" alt="热门"><p>热门表情</p></a></div>
        <div class="media"><a class="col-sm-3" href="/article/detail/2"><img \
        src="/static/hot2.png" alt="最新"></a></div>
        </div>
        """

    /// Text as it stands in HTML, in an attribute or outside.
    private static func escaped(_ text: String) -> String {
        var escaped = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "\"": escaped += "&quot;"
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }
}
