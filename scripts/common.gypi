# The least that node-gyp accepts beside bare Node-API headers; see nodedir.cjs.
{
  'variables': {
    'visibility%': 'hidden',
    'library%': 'static_library',
    'node_engine%': 'v8',
    'host_arch%': 'x64',
    'target_arch%': 'x64',
    'openssl_fips%': '',
    'node_shared%': 'false',
    'node_use_openssl%': 'true',
    'build_v8_with_gn%': 'false',
    'enable_lto%': 'false',
  },
  'target_defaults': {
    'default_configuration': 'Release',
    'cflags': ['-pthread'],
    'cflags_cc': ['-fno-rtti', '-fno-exceptions'],
    'configurations': {
      'Debug': {'cflags': ['-g', '-O0']},
      'Release': {'cflags': ['-O3', '-fno-omit-frame-pointer']},
    },
    'conditions': [
      ['OS in "linux freebsd"', {
        'target_conditions': [
          ['_type=="loadable_module" or _type=="shared_library"', {'cflags': ['-fPIC']}],
        ],
        'ldflags': ['-pthread', '-rdynamic'],
      }],
    ],
  },
}
