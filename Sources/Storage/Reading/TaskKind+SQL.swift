import CrawlModel

extension TaskKind {
    /// SQL for the address of a row of the kind's table.
    var addressSQL: String {
        switch self {
        case .page: "page.url"
        case .image: "(select base.url from base where base.id = image.base_id) || image.url_rest"
        case .refresh:
            """
            (select base.url || image.url_rest from image join base on base.id = image.base_id
                where image.id = refresh.id)
            """
        }
    }
}
