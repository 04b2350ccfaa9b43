#ifndef MAGPIE_CSYSTEM_H
#define MAGPIE_CSYSTEM_H

/// Renames without ever replacing a file: -1 and EEXIST if the new name is taken.
int magpie_rename_exclusively(int from_folder, const char *from, int to_folder, const char *to);

/// Lets two files change names at one moment: -1, and EINVAL, ENOSYS or ENOTSUP where the system or the file
/// system can't do that.
int magpie_exchange(int one_folder, const char *one, int other_folder, const char *other);

/// Brings everything written so far to the disk: the whole file system of `folder` where the system can
/// do that at once (Linux), else nothing. 1 if it did, 0 if files must be synced one by one, -1 on error.
int magpie_sync_filesystem(int folder);

/// Brings one open file or folder to the disk. 0, or -1 on error.
int magpie_sync_file(int file);

/// Takes a whole file for this open file description, without waiting: -1 and EAGAIN if another one
/// has it. It is kept until the descriptor is closed, however the process ends.
int magpie_lock_exclusively(int file);

/// Gives a lock back at once. Closing alone leaves it to a child process that is just being started and
/// has not yet closed what it inherited.
void magpie_unlock(int file);

/// Whether another open file description has the file locked. Takes nothing, so that a process that is
/// about to lock it is not turned away.
int magpie_is_locked(int file);

/// What a folder is on: Linux's number of the file system, or elsewhere its name, at most 15 bytes and a
/// zero; the bytes that this user may still write, and those it has in all. 0, or -1 on error.
int magpie_file_system(const char *folder, unsigned int *number, char *name,
                       unsigned long long *free_bytes, unsigned long long *all_bytes);

/// Keeps SQLite from counting the memory it has, which takes a lock for each piece. Only before the first use
/// of SQLite in a process; 0, or -1 if it is too late.
int magpie_count_no_sqlite_memory(void);

#endif
