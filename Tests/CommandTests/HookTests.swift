import Foundation
import SampleSite
import TestSupport
import Testing

/// The recipe's hooks, with real programs.
@Suite(.timeLimit(.minutes(2)))
struct HookTests {
    private let fixture = CommandFixture()

    /// Writes a program of the shell, and gives the way to it.
    private func script(_ name: String, _ lines: String) throws -> String {
        try fixture.write("#!/bin/sh\ncd '\(fixture.folder.path)'\n\(lines)\n", to: name)
        chmod(fixture.folder.path(name), 0o755)
        return fixture.folder.path(name)
    }

    private func lines(_ name: String) -> [String] {
        let text = try? String(contentsOfFile: fixture.folder.path(name), encoding: .utf8)
        return (text ?? "").split(separator: "\n").map(String.init)
    }

    private func crawl() async throws -> RunningProgram.Result {
        try await fixture.magpie("crawl", "site.yaml", "--into", "pictures")
    }

    @Test func `a hook is run for each picture, after it is there, and one at the end`()
        async throws
    {
        let hook = try script(
            "hook",
            """
            read nothing && exit 8
            [ "$1" = 'a; b $HOME' ] || exit 7
            cmp -s "$MAGPIE_FILE" "$MAGPIE_FOLDER/$MAGPIE_PATH" || exit 6
            done=$(sqlite3 -readonly pictures/magpie.db "select count(*) from downloads where path
                = '$MAGPIE_PATH' and url = '$MAGPIE_URL' and page_url = '$MAGPIE_PAGE'
                and caption = '$MAGPIE_CAPTION' and sha256 = '$MAGPIE_SHA256'
                and bytes = $MAGPIE_BYTES")
            [ "$done" = 1 ] || exit 5
            echo said by a hook
            echo "$MAGPIE_PATH" >> log
            """
        )
        try await SampleSite.serve(Gallery(pages: 1)) { site in
            try fixture.writeRecipe(
                of: site,
                """
                hooks:
                  on_image: ["\(hook)", "a; b $HOME"]
                  on_end: [sh, -c, 'env | grep ^MAGPIE_ | sort > end; exec ls /proc/self/fd']
                  at_once: 3
                """
            )
            site.fault(.status(404), at: site.gallery.items[7].path)
            let result = try await crawl()
            #expect(result.code == 3)
            #expect(!result.output.contains("hook"), "\(result.output)")
            #expect(result.errors.contains("said by a hook"))
            // The standard streams, and the folder that is listed.
            #expect(result.errors.hasSuffix("\n0\n1\n2\n3\n"), "\(result.errors)")
        }
        #expect(try await fixture.sql("select * from hook_failures") == [])
        #expect(lines("log").sorted() == fixture.pictureFiles.sorted())
        #expect(lines("log").count == 19)
        let end = lines("end")
        for line in [
            "MAGPIE_ENDING=finished", "MAGPIE_NEW=19", "MAGPIE_DONE=19", "MAGPIE_FAILED=1",
            "MAGPIE_SKIPPED=0", "MAGPIE_WAITING=0",
        ] { #expect(end.contains(line), "\(line): \(end)") }
    }

    @Test func `a hook that fails is recorded and told, and costs nothing else`() async throws {
        let hook = try script("hook", "[ -e failed ] || { touch failed; exit 3; }")
        try await SampleSite.serve(Gallery(pages: 1, itemsPerPage: 5)) { site in
            try fixture.writeRecipe(
                of: site,
                "hooks: { on_image: [\"\(hook)\"], on_end: [no-such-program, x], at_once: 1 }"
            )
            let result = try await crawl()
            #expect(result.code == 0)
            #expect(result.output.contains("2 hooks failed, such as"))
        }
        #expect(
            try await fixture.sql(
                "select hook, exit_code, message, path is null from hook_failures order by id"
            ) == [
                "on_image|3|exit code 3|0",
                "on_end||can't be started: No such file or directory|1",
            ]
        )
        #expect(try await fixture.sql("select * from hook_due") == [])
    }

    @Test func `a hook that takes too long is ended`() async throws {
        let hook = try script("hook", "sleep 600")
        try await SampleSite.serve(Gallery(pages: 1, itemsPerPage: 2)) { site in
            try fixture.writeRecipe(
                of: site,
                "hooks: { on_image: [\"\(hook)\"], timeout: 200ms }"
            )
            #expect(try await crawl().code == 0)
        }
        #expect(
            try await fixture.sql("select signal, message from hook_failures")
                == ["9|not over in time", "9|not over in time"]
        )
    }

    @Test func `a hook that ends itself by a signal did not take too long`() async throws {
        let hook = try script("hook", "kill -USR1 $$")
        try await SampleSite.serve(Gallery(pages: 1, itemsPerPage: 1)) { site in
            try fixture.writeRecipe(of: site, "hooks: { on_image: [\"\(hook)\"] }")
            #expect(try await crawl().code == 0)
        }
        #expect(
            try await fixture.sql("select signal, message from hook_failures")
                == ["\(SIGUSR1)|ended by signal \(SIGUSR1)"]
        )
    }

    @Test func `a limit that is reached with the last picture leaves no hook behind`() async throws
    {
        let hook = try script("hook", "echo \"$MAGPIE_PATH\" >> log")
        try await SampleSite.serve(Gallery(pages: 1, itemsPerPage: 6)) { site in
            try fixture.writeRecipe(of: site, "hooks: { on_image: [\"\(hook)\"], at_once: 1 }")
            let words = ["crawl", "site.yaml", "--into", "pictures", "--max-images"]
            #expect(try await fixture.start(words + ["4"]).result().code == 4)
            #expect(try await fixture.start(words + ["2"]).result().code == 0)
        }
        #expect(try await fixture.sql("select * from hook_due") == [])
        #expect(Set(lines("log")) == Set(fixture.pictureFiles))
    }

    @Test func `a hook that a killed crawl left is run by the next`() async throws {
        let hook = try script(
            "hook",
            """
            echo "$MAGPIE_PATH" >> begun
            while [ -e hold ]; do sleep 0.05; done
            echo "$MAGPIE_PATH" >> ended
            """
        )
        try fixture.write("", to: "hold")
        try await SampleSite.serve(Gallery(pages: 1, itemsPerPage: 6)) { site in
            try fixture.writeRecipe(of: site, "hooks: { on_image: [\"\(hook)\"] }")
            let first = try fixture.start("crawl", "site.yaml", "--into", "pictures")
            try await eventually("two hooks run, all pictures are there") {
                let done = try await fixture.sql("select count(*) from hook_due")
                return lines("begun").count == 2 && done == ["6"]
            }
            first.send(SIGKILL)
            #expect(await first.result().signal == SIGKILL)
            let status = try await fixture.magpie("status", "pictures")
            #expect(status.output.contains("  6 hooks left for the next run\n"))
            #expect(status.output.contains("next:   magpie resume pictures\n"))
            let json = try await fixture.magpie("status", "pictures", "--json")
            #expect(json.output.contains("\"hooks_due\":6"), "\(json.output)")
            try FileManager.default.removeItem(atPath: fixture.folder.path("hold"))
            #expect(try await fixture.magpie("resume", "pictures").code == 0)
        }
        #expect(Set(lines("ended")) == Set(fixture.pictureFiles))
        #expect(lines("begun").count == 8)
        #expect(try await fixture.sql("select * from hook_due") == [])
    }

    @Test func `a recipe without hooks lets go of those that another left`() async throws {
        try await SampleSite.serve(Gallery(pages: 1, itemsPerPage: 5)) { site in
            try fixture.writeRecipe(of: site)
            _ = try await crawl()
            _ = try await RunningProgram(
                "sqlite3",
                [
                    fixture.folder.path("pictures/magpie.db"),
                    "insert into hook_due select id from downloads limit 2",
                ]
            ).result()
            let before = try await fixture.magpie("status", "pictures")
            #expect(before.output.contains("2 hooks left"))
            #expect(try await crawl().code == 0)
            let after = try await fixture.magpie("status", "pictures")
            #expect(!after.output.contains("hook") && !after.output.contains("resume"))
        }
    }

    @Test func `a stop leaves no hook behind, and what it gave up is run by the next`()
        async throws
    {
        let hook = try script("hook", "echo $$ >> pids; [ -e hold ] && sleep 600; true")
        try fixture.write("", to: "hold")
        try await SampleSite.serve(Gallery(pages: 1, itemsPerPage: 6)) { site in
            try fixture.writeRecipe(of: site, "hooks: { on_image: [\"\(hook)\"] }")
            let first = try fixture.start("crawl", "site.yaml", "--into", "pictures")
            try await eventually("two hooks run") { lines("pids").count == 2 }
            first.send(SIGINT)
            try await eventually("it has heard") { first.errors.contains("stopping") }
            first.send(SIGINT)
            #expect(await first.result().code == 130)
            #expect(lines("pids").count == 2)
            for pid in lines("pids").compactMap(Int32.init) {
                try await eventually("group \(pid) is gone") { kill(-pid, 0) != 0 }
            }
            #expect(try await fixture.sql("select * from hook_failures") == [])
            try FileManager.default.removeItem(atPath: fixture.folder.path("hold"))
            #expect(try await fixture.magpie("resume", "pictures").code == 0)
        }
        #expect(try await fixture.sql("select * from hook_due") == [])
        #expect(lines("pids").count == 8)
    }
}
