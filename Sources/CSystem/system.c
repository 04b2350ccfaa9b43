// Calls that glibc shows only to those who ask for its extensions, and their twins elsewhere.
#define _GNU_SOURCE
#include "CSystem.h"

#include <sqlite3.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#ifdef __linux__

#include <sys/vfs.h>

int magpie_rename_exclusively(int from_folder, const char *from, int to_folder, const char *to) {
    int result = renameat2(from_folder, from, to_folder, to, RENAME_NOREPLACE);
    if (result == 0 || (errno != EINVAL && errno != ENOSYS)) {
        return result;
    }
    // A file system without the flag: a hard link is refused just as atomically.
    if (linkat(from_folder, from, to_folder, to, 0) != 0) {
        return -1;
    }
    return unlinkat(from_folder, from, 0);
}

int magpie_exchange(int one_folder, const char *one, int other_folder, const char *other) {
    return renameat2(one_folder, one, other_folder, other, RENAME_EXCHANGE);
}

int magpie_sync_filesystem(int folder) { return syncfs(folder) == 0 ? 1 : -1; }

int magpie_sync_file(int file) { return fsync(file); }

int magpie_lock_exclusively(int file) {
    struct flock range = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    return fcntl(file, F_OFD_SETLK, &range);
}

void magpie_unlock(int file) {
    struct flock range = {.l_type = F_UNLCK, .l_whence = SEEK_SET};
    fcntl(file, F_OFD_SETLK, &range);
}

int magpie_is_locked(int file) {
    struct flock range = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    return fcntl(file, F_OFD_GETLK, &range) == 0 && range.l_type != F_UNLCK;
}

int magpie_file_system(const char *folder, unsigned int *number, char *name,
                       unsigned long long *free_bytes, unsigned long long *all_bytes) {
    struct statfs status;
    if (statfs(folder, &status) != 0) {
        return -1;
    }
    *number = (unsigned int)status.f_type;
    *name = 0;
    *free_bytes = (unsigned long long)status.f_bavail * (unsigned long long)status.f_bsize;
    *all_bytes = (unsigned long long)status.f_blocks * (unsigned long long)status.f_bsize;
    return 0;
}

#else

#include <string.h>
#include <sys/file.h>
#include <sys/mount.h>
#include <sys/param.h>

int magpie_rename_exclusively(int from_folder, const char *from, int to_folder, const char *to) {
    return renameatx_np(from_folder, from, to_folder, to, RENAME_EXCL);
}

int magpie_exchange(int one_folder, const char *one, int other_folder, const char *other) {
    return renameatx_np(one_folder, one, other_folder, other, RENAME_SWAP);
}

int magpie_sync_filesystem(int folder) {
    (void)folder;
    return 0;
}

int magpie_sync_file(int file) { return fcntl(file, F_FULLFSYNC); }

int magpie_lock_exclusively(int file) { return flock(file, LOCK_EX | LOCK_NB); }

void magpie_unlock(int file) { flock(file, LOCK_UN); }

int magpie_is_locked(int file) {
    if (flock(file, LOCK_SH | LOCK_NB) != 0) {
        return 1;
    }
    flock(file, LOCK_UN);
    return 0;
}

int magpie_file_system(const char *folder, unsigned int *number, char *name,
                       unsigned long long *free_bytes, unsigned long long *all_bytes) {
    struct statfs status;
    if (statfs(folder, &status) != 0) {
        return -1;
    }
    *number = 0;
    strlcpy(name, status.f_fstypename, 16);
    *free_bytes = (unsigned long long)status.f_bavail * status.f_bsize;
    *all_bytes = (unsigned long long)status.f_blocks * status.f_bsize;
    return 0;
}

#endif

int magpie_count_no_sqlite_memory(void) {
    return sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0) == SQLITE_OK ? 0 : -1;
}
