{
  # `static` for the prebuilt addon (scripts/prebuild.mjs), whose pkg-config knows a libbpf with all that it needs.
  'variables': { 'libbpf_linkage%': 'shared' },
  'targets': [
    {
      'target_name': 'ebpm_loader',
      'sources': [
        'native/addon.cc',
        'native/arguments.cc',
        'native/bpf-object.cc',
        'native/consumer.cc',
        'native/descriptor-holder.cc',
        'native/failure.cc',
        'native/link.cc',
        'native/log-capture.cc',
        'native/map-changes.cc',
        'native/map-entries.cc',
        'native/memory-file.cc',
        'native/perf-source.cc',
        'native/probe.cc',
        'native/refusal-counter.cc',
        'native/refusal-program.cc',
        'native/refusals.cc',
        'native/ring-source.cc',
        'native/run-statistics.cc',
        'native/wakeups.cc',
      ],
      'include_dirs': ['<!(node -p "require(\'node-addon-api\').include_dir")'],
      # A worker that is being ended takes no exceptions any more; without the last of these one would end the process.
      'defines': [
        'EBPM_LIBBPF_LINKAGE="<(libbpf_linkage)"',
        'NAPI_VERSION=8',
        'NODE_ADDON_API_DISABLE_CPP_EXCEPTIONS',
        'NODE_ADDON_API_DISABLE_DEPRECATED',
        'NODE_API_SWALLOW_UNTHROWABLE_EXCEPTIONS',
      ],
      'cflags_cc': ['-std=c++17', '-Wall', '-Wextra', '-fvisibility=hidden', '<!@(pkg-config --cflags libbpf)'],
      'libraries': ['<!@(pkg-config --libs libbpf)'],
      # libbpf keeps a pointer to our print function for the life of the process, so the addon must never be unmapped,
      # not even when the last worker thread that loaded it ends.
      'ldflags': ['-Wl,-z,nodelete'],
      'conditions': [['libbpf_linkage=="static"', { 'sources': ['native/old-glibc.c'] }]],
      'configurations': {
        'Release': { 'cflags!': ['-O3'], 'cflags': ['-O2'], 'ldflags': ['-s'] },
      },
    },
  ],
}
