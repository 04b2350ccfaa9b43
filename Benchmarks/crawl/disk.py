"""An empty folder for each run; Benchmarks/README.md says why that is not as easy as it sounds."""

import pathlib
import shutil
import subprocess


class Folder:
    """Folders side by side; on a disk they are removed only at the end, in memory at once."""

    def __init__(self, parent, run_bytes, runs):
        self.parent = pathlib.Path(parent)
        self.parent.mkdir(parents=True, exist_ok=True)
        kind = subprocess.run(["stat", "-f", "-c", "%T", self.parent], capture_output=True, text=True, check=True)
        self.is_memory = kind.stdout.strip() == "tmpfs"
        self.folders = []
        needed = run_bytes * (1 if self.is_memory else runs)
        if shutil.disk_usage(self.parent).free < needed * 1.2:
            raise SystemExit(f"{self.parent} has no room for {needed >> 20} MB: see --out and --disk")

    def fresh(self, name):
        folder = self.parent / name
        shutil.rmtree(folder, ignore_errors=True)
        (folder / "pictures").mkdir(parents=True)
        self.folders.append(folder)
        return folder

    def checked(self):
        if self.is_memory:
            self.close()

    def close(self):
        for folder in self.folders:
            shutil.rmtree(folder, ignore_errors=True)
        self.folders = []


class Loop:
    """A new ext4 on a loop device for each run; needs root."""

    def __init__(self, parent, run_bytes, runs):
        self.parent = pathlib.Path(parent)
        self.mount = self.parent / "mount"
        self.mount.mkdir(parents=True, exist_ok=True)
        self.image = self.parent / "disk.img"
        self.bytes = 2 * run_bytes + (1 << 30)
        self.is_mounted = False

    def fresh(self, name):
        self.close()
        # Room that is set aside beforehand, so that the disk below is not asked for it while a run goes on.
        do("fallocate", "-l", self.bytes, self.image)
        # Nothing is left to be initialised behind the back of a run.
        do("mkfs.ext4", "-q", "-F", "-E", "lazy_itable_init=0,lazy_journal_init=0,nodiscard", self.image)
        do("mount", "-o", "loop,noatime", self.image, self.mount)
        self.is_mounted = True
        (self.mount / name / "pictures").mkdir(parents=True)
        return self.mount / name

    def checked(self):
        pass

    def close(self):
        if self.is_mounted:
            do("umount", self.mount)
            self.is_mounted = False
        self.image.unlink(missing_ok=True)


def do(*command):
    subprocess.run([str(word) for word in command], check=True)


KINDS = {"folder": Folder, "loop": Loop}
