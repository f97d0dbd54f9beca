import tseslint from 'typescript-eslint';

export default tseslint.config(
  { ignores: ['**/dist/', 'build/', 'out/', 'prebuilds/', '**/node_modules/', '**/*.cjs', '**/*.mjs'] },
  ...tseslint.configs.recommendedTypeChecked,
  {
    languageOptions: {
      parserOptions: { project: './tsconfig.test.json', tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      '@typescript-eslint/consistent-type-imports': ['error', { disallowTypeAnnotations: false }],
      '@typescript-eslint/explicit-function-return-type': ['error', { allowExpressions: true }],
      // Our literals beside `string` are there for completion and for the reader.
      '@typescript-eslint/no-redundant-type-constituents': 'off',
      // Methods are passed as the place where a stack trace is cut, never to be called.
      '@typescript-eslint/unbound-method': 'off',
    },
  },
  {
    files: ['test/**', 'bench/**', 'examples/**', 'runner/test/**'],
    rules: {
      '@typescript-eslint/explicit-function-return-type': 'off',
      // Fakes keep the signatures of what they stand for.
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
    },
  },
  {
    // Answers are JSON whose shape is what these tests are about.
    files: ['runner/test/**'],
    rules: {
      '@typescript-eslint/no-explicit-any': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
    },
  },
);
