import { describeAttacks } from '../helpers/attack.ts'

const openAs = (template: string) => [['bits <== Num2Bits(totalWidth', `bits <== ${template}(totalWidth`] as const]

describeAttacks({ lib: 'fields', instance: 'OpenFields([3, 2], 2)' }, [
  { title: 'a field wider than its bits', inputs: { word: 8n }, edits: openAs('LumpedNum2Bits') },
  { title: 'fields that are not those of the word', inputs: { word: 8n }, edits: openAs('OffNum2Bits') },
  { title: 'a word wider than its fields', inputs: { word: 32n }, edits: openAs('FreeNum2Bits'), unsatisfiable: true },
])

describeAttacks({ lib: 'state-word', instance: 'StateWord()' }, [
  {
    title: 'overlapping fields: buys and sells moved into the backlog',
    inputs: { word: 7n + (3n << 40n) + (2n << 80n) },
    included: { fields: openAs('LumpedNum2Bits') },
  },
  {
    title: 'bits past the word',
    inputs: { word: 1n << 138n },
    included: { fields: openAs('FreeNum2Bits') },
    unsatisfiable: true,
  },
])

describeAttacks({ lib: 'policy-word', instance: 'PolicyWord()' }, [
  {
    title: 'overlapping fields: the second weight moved into the first',
    inputs: { word: 5n << 12n },
    included: { fields: openAs('LumpedNum2Bits') },
  },
  {
    title: 'bits past the word',
    inputs: { word: 1n << 241n },
    included: { fields: openAs('FreeNum2Bits') },
    unsatisfiable: true,
  },
])

describeAttacks({ lib: 'policy-word', instance: 'FeeWord(0)' }, [
  {
    title: 'the fee word of another kind',
    inputs: { word: 1n << 30n },
    edits: [['open.field[2] === kind;', '']],
    unsatisfiable: true,
  },
])

describeAttacks({ lib: 'packing', instance: 'Pack(3, 8, 2)' }, [
  {
    title: 'a word that its items do not make',
    inputs: { item: [1n, 2n, 3n] },
    edits: [['word[w] <== sum;', 'word[w] <-- sum + 1;']],
  },
])

describeAttacks({ lib: 'sponge', instance: 'Sponge(2, 17)', level: 'O0' }, [
  {
    title: 'a first block left out',
    inputs: { item: Array.from({ length: 17 }, (_, i) => BigInt(i)) },
    edits: [['initialState <== permutation[b - 1].out[0];', 'initialState <-- 0;']],
  },
])

describeAttacks({ lib: 'state-word', instance: 'PackState()' }, [
  {
    title: 'a state word that its fields do not make',
    inputs: { backlog: 1n, buys: 2n, sells: 3n, fee: 4n, ramp: 1n, open: 1n },
    edits: [['word <== backlog +', 'word <-- 1 + backlog +']],
  },
])
