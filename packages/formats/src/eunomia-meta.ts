import type { EunomiaExportType, EunomiaMap, EunomiaProgram, PackageFileMeta, PackageFileSkel } from '@ebpm/schemas';

/** A package's metadata as read: the keys of the file, with lists where the file may have null or nothing. */
export interface EunomiaMeta extends PackageFileMeta {
  bpf_skel: EunomiaSkel;
  export_types: EunomiaExportType[];
}

/** The object's programs, maps and global variables. */
export interface EunomiaSkel extends PackageFileSkel {
  maps: EunomiaMap[];
  progs: EunomiaProgram[];
}
