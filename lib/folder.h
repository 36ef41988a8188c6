/*
 * What a file owes to the folder it is made in.
 */
#ifndef BS_FOLDER_H
#define BS_FOLDER_H

/* A file that root makes belongs to whom the folder belongs, so that the
 * daemons can use it; made by others it is theirs already.  0, or -1 with
 * errno. */
int bs_folder_give(const char *folder, int fd);

/* Has the names in the folder on disk, as far as the system can. */
void bs_folder_sync(const char *folder);

#endif
