# Built by scripts/build-addon.cjs for every installation without a prebuild; CMakeLists.txt builds the same.
{
  'includes': ['sources.gypi'],
  'targets': [{
    'target_name': 'boxlite_ffi',
    'sources': ['<@(engine_sources)', '<@(core_sources)', '<@(node_sources)'],
    'include_dirs': ['csrc'],
    'defines': [
      'NAPI_VERSION=9',
      'NODE_ADDON_API_CPP_EXCEPTIONS',
      'NODE_ADDON_API_DISABLE_DEPRECATED',
      # Without it a worker that is terminated inside a method aborts the whole process.
      'NODE_API_SWALLOW_UNTHROWABLE_EXCEPTIONS',
    ],
    'cflags!': ['-fno-exceptions', '-O3'],
    'cflags_cc!': ['-fno-exceptions', '-fno-rtti', '-std=gnu++17', '-std=gnu++20'],
    'cflags': ['-O2', '-pthread'],
    'cflags_cc': [
      '-std=c++20',
      '-fvisibility=hidden', '-fvisibility-inlines-hidden',
      '-Wall', '-Wextra', '-Wpedantic', '-Werror',
      # One argument without a blank: gyp would quote "-isystem <folder>" as a whole.
      '-isystem<!(node -p "path.dirname(require.resolve(\'node-addon-api/package.json\'))")',
    ],
    'ldflags': [
      '-pthread',
      # A prebuild then needs nothing newer than its glibc; excluded, so that the copy is not exported.
      '-static-libstdc++', '-static-libgcc', '-Wl,--exclude-libs,ALL',
      # The linker runs in build/. Hidden visibility does not reach templates of the standard library.
      '-Wl,--version-script=../csrc/node/boxlite_ffi.map',
      # Code that may have threads is never unmapped.
      '-Wl,-z,nodelete',
    ],
  }],
}
