#pragma once

/// Makes it final that every thread of this process has only the rights that it has now: no_new_privs, no execve, no core dumps
/// and no debugger of the same user. Gives 0 or an errno.
int LockDown();
