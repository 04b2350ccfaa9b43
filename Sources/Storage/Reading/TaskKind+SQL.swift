import CrawlModel

extension TaskKind {
    /// SQL for the address of a row of the kind's table.
    var addressSQL: String {
        switch self {
        case .page: "page.url"
        case .image: "(select base.url from base where base.id = image.base_id) || image.url_rest"
        }
    }
}
