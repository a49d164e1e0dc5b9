/// The element with `rank` smaller or equal ones before it in sorted order.
///
/// Hoare's selection with the middle element as pivot. Equal values are alike, so nothing depends on
/// how ties are broken. `values` is reordered.
///
/// - Complexity: O(n) on average, O(n²) at worst.
func selectRank<Value: Comparable>(_ rank: Int, in values: inout [Value]) -> Value {
  var low = 0
  var high = values.count - 1
  while low < high {
    let pivot = values[(low + high) / 2]
    var i = low
    var j = high
    while i <= j {
      while values[i] < pivot { i += 1 }
      while pivot < values[j] { j -= 1 }
      if i <= j {
        values.swapAt(i, j)
        i += 1
        j -= 1
      }
    }
    if rank <= j {
      high = j
    } else if rank >= i {
      low = i
    } else {
      break
    }
  }
  return values[rank]
}

/// NumPy's median of an even number of values: half the sum of the two in the middle.
func evenMedian(of values: [Double]) -> Double {
  precondition(values.count % 2 == 0, "\(values.count) values")
  var scratch = values
  let upper = selectRank(values.count / 2, in: &scratch)
  let lower = selectRank(values.count / 2 - 1, in: &scratch)
  return (lower + upper) / 2
}
