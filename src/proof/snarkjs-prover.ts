import { ChildProver, type ChildProverOptions } from './backend/child-prover.ts'

/** The backend that runs wherever Node does. */
export class SnarkjsProver extends ChildProver {
  constructor(artifacts?: ChildProverOptions['artifacts']) {
    super({ name: 'snarkjs' }, { artifacts })
  }
}
