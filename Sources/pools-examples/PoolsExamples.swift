import Pools

@main
struct PoolsExamples {
    static func main() {}
}
